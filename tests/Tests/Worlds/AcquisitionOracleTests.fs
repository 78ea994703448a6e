module CausalDebiasing.Tests.Worlds.AcquisitionOracleTests

open Expecto
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Shifts
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.WorldSupport
open MathNet.Numerics.LinearAlgebra

let private modelOf (spec: DataSpec) =
    AcquisitionModel.create AcquisitionScenario.standard spec.Signal (Seed(uint64 spec.Seed))

let private oracle (spec: DataSpec) mechanism condition nodes cohort =
    AcquisitionOracle.probability
        (modelOf spec)
        mechanism
        (AcquisitionConfounder.meanAgreement condition spec.Confounding)
        nodes
        cohort

let private drawn (spec: DataSpec) condition name n =
    let model = modelOf spec
    let mechanism = (AcquisitionMissingness.create model spec)[condition]
    mechanism, AcquisitionWorld.draw model spec mechanism condition name 9 n

/// P(y = 1 | x_obs, o) by weighting draws of (S, y, C, hidden noise) from the prior.
let private bruteForce (spec: DataSpec) (mechanism: MissingnessMechanism) condition (cohort: Cohort) row =
    let model = modelOf spec
    let n = 200_000
    let seed = Seed 77UL

    let sample =
        AcquisitionModel.patients model seed n
        |> AcquisitionConfounder.draw model condition spec.Confounding seed

    let logLikelihood = Array.zeroCreate<float> n

    for m in 0..3 do
        if cohort.IsObserved(row, m) then
            let x = cohort.Row(m, row).ToArray()

            for i in 0 .. n - 1 do
                for f in 0..15 do
                    let mutable mean = model.Imprints[m][f] * sample.Confounder[i]

                    for j in 0..7 do
                        mean <- mean + model.Loadings[m][f * 8 + j] * sample.Latent[i * 8 + j]

                    let error = float x[f] - mean
                    logLikelihood[i] <- logLikelihood[i] - error * error / 2.

    let block m =
        if cohort.IsObserved(row, m) then
            let x = cohort.Row(m, row).ToArray()
            Array.init (n * 16) (fun i -> float x[i % 16])
        else
            AcquisitionModel.values model sample [ sample.Confounder ] seed m

    let drivers =
        AcquisitionMissingness.drivers sample mechanism (block >> AcquisitionMissingness.projectBlock)

    let seen =
        MissingnessMechanism.probabilities mechanism drivers (Array.create n (cohort.Pattern row))

    let top = Array.max logLikelihood
    let weight = Array.map2 (fun l p -> exp (l - top) * p) logLikelihood seen

    (Array.map2 (fun w y -> if y > 0. then w else 0.) weight sample.Outcome
     |> Array.sum)
    / Array.sum weight

let private againstBruteForce kind condition =
    testCase $"agrees with brute force, {Mechanism.name kind}, {Condition.name condition}"
    <| fun () ->
        let spec = {
            spec "acquisition" 21 with
                Mechanism = kind
                MissingRate = Some 0.6
                MechanismStrength = 1.
        }

        let mechanism, cohort = drawn spec condition "few" 400

        let single =
            seq { 0..399 }
            |> Seq.filter (fun row -> System.Numerics.BitOperations.PopCount(uint32 (cohort.Pattern row)) = 1)
            |> Seq.truncate 3
            |> Array.ofSeq
            |> cohort.Select

        let probability = oracle spec mechanism condition 4096 single

        for row in 0 .. single.Count - 1 do
            let expected = bruteForce spec mechanism condition single row
            Expect.isLessThan (abs (probability[row] - expected)) 0.03 $"row {row}"

let private ridge (train: Cohort) (test: Cohort) =
    let design (cohort: Cohort) =
        Matrix<float>
            .Build.Dense(
                cohort.Count,
                69,
                fun row column ->
                    if column = 68 then
                        1.
                    elif column >= 64 then
                        (if cohort.IsObserved(row, column - 64) then 1. else 0.)
                    else
                        float (cohort.Row(column / 16, row)[column % 16])
            )

    let x = design train
    let gram = x.TransposeThisAndMultiply x + Matrix<float>.Build.DenseIdentity 69

    let slopes =
        gram.Solve(x.TransposeThisAndMultiply(Vector<float>.Build.Dense(labels train)))

    (design test * slopes).ToArray()

[<Tests>]
let tests =
    testList "Worlds.oracle" [
        againstBruteForce Acquisition InDistribution
        againstBruteForce MnarSelf InDistribution
        againstBruteForce Acquisition Reversed

        testCase "is calibrated under every condition"
        <| fun () ->
            for condition in [ InDistribution; Interventional; Reversed ] do
                let spec = spec "acquisition" 22
                let mechanism, cohort = drawn spec condition "many" 20_000

                Expect.isLessThan
                    (worstDecile cohort (oracle spec mechanism condition 64 cohort))
                    0.035
                    (Condition.name condition)

        testCase "is calibrated for values missing by themselves"
        <| fun () ->
            let spec = {
                spec "acquisition" 22 with
                    Mechanism = MnarSelf
                    MechanismStrength = 2.
            }

            let mechanism, cohort = drawn spec InDistribution "many" 20_000

            Expect.isLessThan
                (worstDecile cohort (oracle spec mechanism InDistribution 64 cohort))
                0.035
                "deciles"

        testCase "ranks better than a ridge regression on every test"
        <| fun () ->
            let study =
                AcquisitionWorld.study AcquisitionScenario.standard (spec "acquisition" 23)

            for test in study.Tests do
                Expect.isGreaterThan
                    (rankAuroc test.Cohort test.BayesProbability.Value.Value)
                    (rankAuroc test.Cohort (ridge study.Train test.Cohort) + 0.01)
                    test.Condition

        testCase "doubling the nodes changes the AUROC by less than 0.002"
        <| fun () ->
            let spec = spec "acquisition" 23
            let mechanism, cohort = drawn spec InDistribution "nodes" 3000

            let auroc nodes =
                oracle spec mechanism InDistribution nodes cohort |> rankAuroc cohort

            let default', doubled =
                auroc AcquisitionOracle.defaultNodes, auroc (2 * AcquisitionOracle.defaultNodes)

            Expect.isLessThan (abs (default' - doubled)) 0.002 "AUROC"

        testCase "biases raise what can be reached in distribution but not on the interventional test"
        <| fun () ->
            let aurocs kappa strength =
                (AcquisitionWorld.study AcquisitionScenario.standard {
                    spec "acquisition" 10 with
                        Confounding = kappa
                        MechanismStrength = strength
                })
                    .Tests
                |> List.map (fun t -> rankAuroc t.Cohort t.BayesProbability.Value.Value)

            let clean, biased = aurocs 0. 0., aurocs 1. 1.
            Expect.isLessThan (abs (clean[1] - biased[1])) 0.01 "do"
            Expect.isGreaterThan biased[0] (clean[0] + 0.05) "id"
            Expect.isTrue (clean[1] > 0.75 && clean[1] < 0.9) "do is neither trivial nor hopeless"
    ]
