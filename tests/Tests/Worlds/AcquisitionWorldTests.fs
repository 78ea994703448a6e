module CausalDebiasing.Tests.Worlds.AcquisitionWorldTests

open System
open Expecto
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.WorldSupport

let private small seed = {
    spec "acquisition" seed with
        TrainSize = Some 500
}

let private test condition (study: Study) =
    (study.Tests |> List.find (fun t -> t.Condition = condition)).Cohort

let private sample kappa condition =
    let model = AcquisitionModel.create AcquisitionScenario.standard 1. (Seed 2UL)

    AcquisitionModel.patients model (Seed 8UL) 20_000
    |> AcquisitionConfounder.draw model condition kappa (Seed 8UL)

let private agreement kappa condition =
    let s = sample kappa condition

    Array.map2 (fun c y -> if c = y then 1. else 0.) s.Confounder s.Outcome
    |> Array.average

[<Tests>]
let tests =
    testList "Worlds.acquisition" [
        testCase "the same condition gives the same bits, another seed does not"
        <| fun () ->
            let a, b =
                AcquisitionWorld.study AcquisitionScenario.standard (small 1),
                AcquisitionWorld.study AcquisitionScenario.standard (small 1)

            Expect.isTrue (same a.Train b.Train && same a.Validation b.Validation) "train"
            Expect.isTrue (List.forall2 (fun x y -> same x.Cohort y.Cohort) a.Tests b.Tests) "tests"

            Expect.isFalse
                (same a.Train (AcquisitionWorld.study AcquisitionScenario.standard (small 2)).Train)
                "another seed"

        testCase "sizes, sites, patients and the missing rate are as documented"
        <| fun () ->
            let study =
                AcquisitionWorld.study AcquisitionScenario.standard (spec "acquisition" 1)

            let cohorts = study.Train :: study.Validation :: (study.Tests |> List.map _.Cohort)
            Expect.equal (cohorts |> List.map _.Count) [ 6000; 1500; 6000; 6000; 6000 ] "rows"
            Expect.equal (study.Tests |> List.map _.Condition) [ "id"; "do"; "reversed" ] "conditions"

            let patients =
                cohorts |> List.collect (fun c -> List.ofArray (c.Patients.ToArray()))

            Expect.equal (patients |> List.distinct |> List.length) 25_500 "patients are unique"

            for cohort in cohorts do
                Expect.equal (cohort.Modalities |> Seq.map _.Width |> List.ofSeq) [ 16; 16; 16; 16 ] "widths"
                Expect.sequenceEqual cohort.SiteNames [ "site-1"; "site-2"; "site-3"; "site-4" ] "sites"
                Expect.isLessThan (abs (cohort.MissingRate - 0.3)) 0.001 "missing rate"
                Expect.isTrue (cohort.Prevalence > 0.35 && cohort.Prevalence < 0.5) "prevalence"

        testCase "fewer training rows have the same patients"
        <| fun () ->
            let few, many =
                (AcquisitionWorld.study AcquisitionScenario.standard (small 1)).Train,
                (AcquisitionWorld.study AcquisitionScenario.standard { small 1 with TrainSize = Some 900 })
                    .Train

            Expect.isTrue (few.Labels.SequenceEqual(many.Labels.Slice(0, 500))) "labels"

            let shared =
                seq { 0..499 }
                |> Seq.filter (fun i -> few.IsObserved(i, 0) && many.IsObserved(i, 0))

            for i in shared do
                Expect.isTrue (few.Row(0, i).SequenceEqual(many.Row(0, i))) "values"

        testCase "complete data do not depend on the missing rate or the mechanism"
        <| fun () ->
            let reference =
                (AcquisitionWorld.study AcquisitionScenario.standard (small 1)).Train

            for other in
                [
                    { small 1 with MissingRate = Some 0.6 }
                    { small 1 with Mechanism = MnarSelf }
                    { small 1 with Mechanism = Mar }
                ] do
                let cohort = (AcquisitionWorld.study AcquisitionScenario.standard other).Train
                Expect.isTrue (cohort.Labels.SequenceEqual reference.Labels) "labels"

                for row in 0..499 do
                    for m in 0..3 do
                        if cohort.IsObserved(row, m) && reference.IsObserved(row, m) then
                            Expect.isTrue (cohort.Row(m, row).SequenceEqual(reference.Row(m, row))) "values"

        testCase "unbiased training leaves the tests alone and removes the association of mask and outcome"
        <| fun () ->
            let biased =
                AcquisitionWorld.study AcquisitionScenario.standard {
                    spec "acquisition" 4 with
                        MechanismStrength = 1.
                }

            let unbiased =
                AcquisitionWorld.study AcquisitionScenario.standard {
                    spec "acquisition" 4 with
                        MechanismStrength = 1.
                        Unbiased = true
                }

            Expect.isTrue
                (List.forall2 (fun a b -> same a.Cohort b.Cohort) biased.Tests unbiased.Tests)
                "tests"

            let association (cohort: Cohort) m =
                correlation (missingFlags cohort m) (labels cohort)

            for m in 0..3 do
                Expect.isGreaterThan (abs (association biased.Train m)) 0.15 "biased"
                Expect.isLessThan (abs (association unbiased.Train m)) 0.05 "unbiased"
                Expect.isLessThan (abs (association (test "do" biased) m)) 0.05 "do"

                Expect.isLessThan
                    (association (test "id" biased) m * association (test "reversed" biased) m)
                    -0.02
                    "reversed has the opposite sign"

        testCase "the confounder agrees with the outcome as kappa says"
        <| fun () ->
            let near expected actual =
                Expect.isLessThan (abs (actual - expected)) 0.012 $"{expected}"

            near (0.5 + 0.35 * 0.8) (agreement 0.8 InDistribution)
            near 0.5 (agreement 0.8 Interventional)
            near (0.5 - 0.4 * 0.8) (agreement 0.8 Reversed)
            near 0.5 (agreement 0. InDistribution)

        testCase "states and outcomes are shared by all conditions"
        <| fun () ->
            let a, b = sample 1. InDistribution, sample 0.2 Reversed
            Expect.equal a.Outcome b.Outcome "outcomes"
            Expect.equal a.Latent b.Latent "states"
            Expect.notEqual a.Confounder b.Confounder "confounders"
    ]
