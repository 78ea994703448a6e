module CausalDebiasing.Tests.Worlds.AcquisitionScenarioTests

open System
open Expecto
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Shifts
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.WorldSupport

let private rows = 20_000
let private seed = Seed 8UL

let private scenario name =
    (AcquisitionScenario.tryFind $"acquisition-{name}").Value

let private model name =
    AcquisitionModel.create (scenario name) 1. (Seed 2UL)

/// A sample of the scenario and the levels of its imprints on a modality.
let private sample name condition kappa k =
    let model = model name

    let sample =
        AcquisitionModel.patients model seed rows
        |> AcquisitionConfounder.draw model condition kappa seed

    sample, AcquisitionConfounder.levels model condition kappa seed sample k

let private study name spec =
    (WorldCatalog.tryFind $"acquisition-{name}").Value spec

let private small name = {
    spec $"acquisition-{name}" 1 with
        TrainSize = Some 500
}

let private cohorts (study: Study) =
    study.Train :: study.Validation :: (study.Tests |> List.map _.Cohort)

let private near tolerance expected actual what =
    Expect.isLessThan (abs (actual - expected)) tolerance $"{what}: {actual} is not {expected}"

/// Share of patients at a site whose confounder has the sign of the outcome.
let private agreement (sample: MissingnessDrivers) (confounder: float[]) site =
    Array.init rows id
    |> Array.filter (fun i -> WorldCohort.site i = site)
    |> Array.averageBy (fun i -> if confounder[i] * sample.Outcome[i] > 0. then 1. else 0.)

let private agreesAsStated name pick order =
    for condition in [ InDistribution; Interventional; Reversed ] do
        let sample, levels = sample name condition 0.8 0

        for site in 0..3 do
            near
                0.025
                (AcquisitionConfounder.agreement condition 0.8 (order site))
                (agreement sample (pick levels) site)
                $"{name}, {Condition.name condition}, site {site}"

[<Tests>]
let tests =
    testList "Worlds.scenarios" [
        testCase "a nonlinear imprint has no mean given C, but a size"
        <| fun () ->
            let sample, levels = sample "nonlinear" InDistribution 0.8 1
            let level = List.exactlyOne levels

            for c, size in [ 1., 1.5; -1., 0.3 ] do
                let chosen =
                    Array.zip sample.Confounder level
                    |> Array.filter (fun (value, _) -> value = c)
                    |> Array.map snd

                near 0.04 0. (Array.average chosen) "mean"
                Expect.all chosen (fun v -> abs v = size) "size"

            near 0.03 0. (correlation level sample.Outcome) "the sign tells nothing"

            let other =
                AcquisitionConfounder.levels (model "nonlinear") InDistribution 0.8 seed sample 2
                |> List.exactlyOne

            near 0.03 0. (correlation level other) "every modality has signs of its own"

        testCase "two confounders agree by site in opposite orders and are independent given the outcome"
        <| fun () ->
            agreesAsStated "two-confounders" List.head id
            agreesAsStated "two-confounders" List.last (fun site -> 3 - site)
            let sample, levels = sample "two-confounders" InDistribution 0.8 0
            Expect.equal levels.Head sample.Confounder "the first is what missingness sees"

            for site in 0..3 do
                let there =
                    Array.init rows id
                    |> Array.filter (fun i -> WorldCohort.site i = site && sample.Outcome[i] > 0.)

                let of' (level: float[]) = there |> Array.map (fun i -> level[i])
                near 0.06 0. (correlation (of' levels[0]) (of' levels[1])) "given outcome and site"

            let model = model "two-confounders"
            Expect.notEqual model.Imprints model.SecondImprints "own imprints"

        testCase "a continuous confounder's sign agrees as the binary one"
        <| fun () ->
            agreesAsStated "continuous" List.head id
            let sample, levels = sample "continuous" Interventional 0.8 0
            near 0.02 0. (correlation levels.Head sample.Outcome) "independent in do"
            near 0.02 1. (MathNet.Numerics.Statistics.Statistics.StandardDeviation levels.Head) "sd in do"

        testCase "one modality bears the imprint"
        <| fun () ->
            let one, all =
                model "one-modality", AcquisitionModel.create AcquisitionScenario.standard 1. (Seed 2UL)

            Expect.equal one.Imprints[0] all.Imprints[0] "the same in the first"
            Expect.all one.Imprints[1..] (Array.forall ((=) 0.)) "none elsewhere"

        testCase "a mixed world has a series and codes of the standard world's values"
        <| fun () ->
            let mixed = study "mixed" (small "mixed")
            let standard = AcquisitionWorld.study AcquisitionScenario.standard (small "mixed")

            for mixed, standard in List.zip (cohorts mixed) (cohorts standard) do
                Expect.equal
                    (mixed.Modalities |> Seq.map (fun m -> m.Kind, m.Width, m.Length) |> List.ofSeq)
                    [
                        ModalityKind.Tabular, 16, 1
                        ModalityKind.Series, 4, 4
                        ModalityKind.Codes, 16, 16
                        ModalityKind.Tabular, 16, 1
                    ]
                    "modalities"

                Expect.isTrue (mixed.Mask.SequenceEqual standard.Mask) "mask"
                Expect.isTrue (mixed.Values(1).SequenceEqual(standard.Values 1)) "series"
                let values, codes = standard.Values(2).ToArray(), mixed.Values(2).ToArray()

                Expect.equal
                    codes
                    (values |> Array.mapi (fun i x -> if x > 0.5f then float32 (i % 16 + 1) else 0f))
                    "codes"

        testCase "a rare outcome has 5 % whatever the signal"
        <| fun () ->
            for signal in [ 0.5; 1.; 4. ] do
                let study =
                    study "rare" {
                        spec "acquisition-rare" 3 with
                            Signal = signal
                    }

                for cohort in cohorts study do
                    near 0.015 0.05 cohort.Prevalence $"signal {signal}"

        testCase "sites are unlabelled in training and validation and nothing else changes"
        <| fun () ->
            let hidden = study "unlabelled-sites" (small "unlabelled-sites")

            let known =
                AcquisitionWorld.study AcquisitionScenario.standard (small "unlabelled-sites")

            for hidden, known in [ hidden.Train, known.Train; hidden.Validation, known.Validation ] do
                Expect.hasLength hidden.SiteNames 1 "one site"
                Expect.isTrue (hidden.Values(0).SequenceEqual(known.Values 0)) "values"
                Expect.isTrue (hidden.Mask.SequenceEqual known.Mask) "mask"

            let catalog =
                Suite.catalog {
                    Root = None
                    Cache = None
                    Report = ignore
                }

            for entry in
                catalog.Datasets
                |> List.filter (fun entry -> entry.Name.StartsWith "acquisition") do
                Expect.equal entry.HasSites.Value (entry.Name <> "acquisition-unlabelled-sites") entry.Name

                Expect.equal
                    (entry.Canonical(spec entry.Name 1)).Mechanism
                    Acquisition
                    "the mechanism of all of them has a name"

        testCase "every scenario has its tests, sizes and missing rate; an oracle where it is exact"
        <| fun () ->
            for scenario in AcquisitionScenario.all do
                let study =
                    (WorldCatalog.tryFind scenario.Name).Value {
                        spec scenario.Name 2 with
                            TrainSize = Some 500
                    }

                Expect.equal (study.Tests |> List.map _.Condition) [ "id"; "do"; "reversed" ] scenario.Name

                for cohort in cohorts study do
                    near 0.001 0.3 cohort.MissingRate scenario.Name

                let oracle =
                    List.contains scenario.Name [
                        "acquisition"
                        "acquisition-one-modality"
                        "acquisition-rare"
                        "acquisition-unlabelled-sites"
                    ]

                Expect.all study.Tests (fun test -> test.BayesProbability.IsSome = oracle) scenario.Name

        testCase "the oracle of a rare outcome and of one imprint is calibrated"
        <| fun () ->
            for name in [ "rare"; "one-modality" ] do
                let model = model name
                let spec = spec $"acquisition-{name}" 2
                let mechanism = (AcquisitionMissingness.create model spec)[InDistribution]

                let cohort =
                    AcquisitionWorld.draw model spec mechanism InDistribution "many" 9 10_000

                let probability =
                    AcquisitionOracle.probability
                        model
                        mechanism
                        (AcquisitionConfounder.meanAgreement InDistribution spec.Confounding)
                        64
                        cohort

                Expect.isLessThan (worstDecile cohort probability) 0.05 name
    ]
