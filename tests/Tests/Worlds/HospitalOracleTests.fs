module CausalDebiasing.Tests.Worlds.HospitalOracleTests

open System
open Expecto
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Cohorts
open CausalDebiasing.Tests.WorldSupport
open MathNet.Numerics.LinearAlgebra

let private world name seed =
    HospitalWorld.create (HospitalSetting.tryFind $"hospital-{name}").Value {
        spec $"hospital-{name}" seed with
            MechanismStrength = 0.5
    }

let private groups world condition =
    if condition = InDistribution then
        world.Model.Training
    else
        world.Model.New

let private drawn world condition name n =
    (HospitalWorld.draw world condition (groups world condition) name 9 n).Cohort

let private oracle world condition nodes cohort =
    HospitalWorld.bayes world condition (groups world condition) nodes cohort

/// A linear score with a flag of absence per modality, by ridge regression.
let private ridge (train: Cohort) (test: Cohort) =
    let numbers = [|
        for m in 0 .. train.Modalities.Count - 1 do
            for f in 0 .. train.Modalities[m].Width - 1 do
                m, f
    |]

    let flags = train.Modalities.Count

    let mean, scale =
        numbers
        |> Array.map (fun (m, f) ->
            let seen = [|
                for row in 0 .. train.Count - 1 do
                    if train.IsObserved(row, m) then
                        float (train.Row(m, row)[f])
            |]

            let mean = Array.average seen
            mean, 1e-9 + sqrt (seen |> Array.averageBy (fun x -> (x - mean) ** 2.)))
        |> Array.unzip

    let design (cohort: Cohort) =
        Matrix<float>
            .Build.Dense(
                cohort.Count,
                numbers.Length + flags + 1,
                fun row column ->
                    if column < numbers.Length then
                        let m, f = numbers[column]

                        if cohort.IsObserved(row, m) then
                            (float (cohort.Row(m, row)[f]) - mean[column]) / scale[column]
                        else
                            0.
                    elif column < numbers.Length + flags then
                        (if cohort.IsObserved(row, column - numbers.Length) then
                             1.
                         else
                             0.)
                    else
                        1.
            )

    let x = design train

    let gram =
        x.TransposeThisAndMultiply x
        + 10. * Matrix<float>.Build.DenseIdentity x.ColumnCount

    let slopes =
        gram.Solve(x.TransposeThisAndMultiply(Vector<float>.Build.Dense(labels train)))

    (design test * slopes).ToArray()

/// P(code) of every code that a column can have, for one state and what a kind does.
let private total column recording gross codes state =
    codes
    |> Seq.sumBy (fun code ->
        match HospitalValue.likelihood column recording gross code with
        | Mass probability -> probability state
        | Density _
        | OfGroup _ -> 0.)

let private faithful = {
    Shift = 0.3
    Add = 0.
    Step = 0.
    Up = 0.1
    Down = 0.4
    Rate = 1.3
}

[<Tests>]
let tests =
    testList "Worlds.hospital oracle" [
        testCase "probabilities of the recorded values of a column sum to 1"
        <| fun () ->
            let column law : HospitalColumn = {
                Name = "column"
                Law = law
                Loads = []
            }

            let near what total =
                Expect.isLessThan (abs (total - 1.)) 1e-6 what

            for state in [ -1.5; 0.; 2. ] do
                near "flag" (total (column (Flag 0.2)) faithful 0. [ 0.; 1. ] state)
                near "count" (total (column (Count 4.)) faithful 0. [ 0. .. 200. ] state)
                near "level" (total (column (Level [| -1.; 0.5 |])) faithful 0. [ 0.; 1.; 2. ] state)

                for gross in [ 0.; 0.04 ] do
                    let saturation = column (Measured(96., 2.5, 1., 60., 100.))
                    near "measured" (total saturation faithful gross [ 60. .. 100. ] state)

                    near
                        "coarse"
                        (total
                            saturation
                            { faithful with Step = 4. }
                            gross
                            (60. :: [ 64.0..4.0..96. ] @ [ 100. ])
                            state)

                near
                    "rounded laboratory value"
                    (total
                        (column (Laboratory(2., 0.5)))
                        { faithful with Step = 0.5; Add = 0.4 }
                        0.
                        [ 0.0..0.5..1000. ]
                        state)

        testCase "is calibrated, whatever a setting does to the values"
        <| fun () ->
            for setting in HospitalSetting.all do
                let world =
                    HospitalWorld.create setting {
                        spec setting.Name 22 with
                            MechanismStrength = 0.5
                    }

                for condition in [ InDistribution; List.last (HospitalWorld.conditions setting) ] do
                    let cohort = drawn world condition "many" 1500
                    let probability = oracle world condition 2048 cohort

                    Expect.isLessThan
                        (worstDecile cohort probability)
                        0.13
                        $"{setting.Name}, {Condition.name condition}"

                    Expect.isLessThan
                        (abs (Array.average probability - cohort.Prevalence))
                        0.03
                        $"{setting.Name}, {Condition.name condition}, mean"

        testCase "is calibrated with many patients"
        <| fun () ->
            for condition in [ InDistribution; Interventional; Reversed ] do
                let world = world "both" 23
                let cohort = drawn world condition "many" 6000

                Expect.isLessThan
                    (worstDecile cohort (oracle world condition 4096 cohort))
                    0.05
                    (Condition.name condition)

        testCase "ranks better than a ridge regression"
        <| fun () ->
            for name in [ "both"; "codes"; "subtype"; "one-hot" ] do
                let world = world name 24
                let train = drawn world InDistribution "train" 5000
                let cohort = drawn world InDistribution "test" 3000

                Expect.isGreaterThan
                    (rankAuroc cohort (oracle world InDistribution 4096 cohort))
                    (rankAuroc cohort (ridge train cohort))
                    name

        testCase
            "halving the nodes changes the AUROC by less than 0.003, of a wide table or a continuous practice by less than 0.006"
        <| fun () ->
            for name, most in [ "both", 0.003; "continuous", 0.006; "weak-wide", 0.006 ] do
                let world = world name 25
                let cohort = drawn world Interventional "nodes" 2000

                let auroc nodes =
                    oracle world Interventional nodes cohort |> rankAuroc cohort

                let usual = HospitalOracle.defaultNodes world.Model.Setting
                Expect.isLessThan (abs (auroc usual - auroc (usual / 2))) most name

        testCase "without the bias nothing is lost in do, and in distribution the biases are information"
        <| fun () ->
            let world = world "both" 26

            let auroc condition =
                let cohort = drawn world condition "many" 3000
                rankAuroc cohort (oracle world condition 4096 cohort)

            let id, intervened = auroc InDistribution, auroc Interventional

            Expect.isTrue
                (intervened > 0.75 && intervened < 0.92)
                $"do is neither trivial nor hopeless: {intervened}"

            Expect.isGreaterThan id (intervened + 0.03) "id"
    ]
