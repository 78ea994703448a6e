namespace CausalDebiasing.Bench.Datasets

open System.Collections.Generic
open MathNet.Numerics
open MathNet.Numerics.Random
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime

/// Real data as a study. The test condition is "id" (patients of the same sites), or "later" where the split is by
/// time. When a site is left out, no patient who was ever there is trained or validated on, and its rows are a second
/// test set "site:NAME". When a bias is injected (`InjectedShift`), all of these have it, and the test rows are there
/// twice more: "do" without it and "reversed" with its opposite.
module DatasetStudy =
    let private refuse name problem remedy =
        raise (InputException $"Data set '{name}': {problem}; {remedy}.")

    /// Raises InputException for what real data cannot give: numbers out of range, a mechanism that needs more
    /// than outcome and severity, and training data without bias where none was injected.
    let checkSpec (spec: DataSpec) =
        let refuse = refuse spec.Dataset
        ConditionRange.check spec

        if not (List.contains spec.Mechanism InjectedShift.mechanisms) then
            let known =
                InjectedShift.mechanisms |> List.map Mechanism.name |> String.concat ", "

            refuse
                $"the mechanism '{Mechanism.name spec.Mechanism}' needs a world whose state is known"
                $"choose one of {known}"

        if spec.Unbiased && not (InjectedShift.isAsked spec) then
            refuse
                "the unbiased ceiling needs a world whose truth is known, or an injected bias"
                "choose a simulated world, a confounding strength or a mechanism with a missing rate"

    let private rows (cohort: Cohort) = [| 0 .. cohort.Count - 1 |]

    let private siteIndex name (cohort: Cohort) (site: string) =
        match Seq.tryFindIndex ((=) site) cohort.SiteNames with
        | Some index when cohort.SiteNames.Count > 1 -> index
        | Some _ -> refuse name "it has one site only" "leave none out"
        | None ->
            let known = cohort.SiteNames |> String.concat ", "
            refuse name $"there is no site '{site}'" $"its sites are {known}"

    /// Rows of the site, and rows of patients who were never there.
    let private separate name (cohort: Cohort) site =
        let index = siteIndex name cohort site
        let there = rows cohort |> Array.filter (fun row -> cohort.Sites[row] = index)
        let patients = HashSet(there |> Seq.map (fun row -> cohort.Patients[row]))

        there,
        rows cohort
        |> Array.filter (fun row -> not (patients.Contains cohort.Patients[row]))

    let private test condition cohort = {
        Condition = condition
        Cohort = cohort
        BayesProbability = None
        DoProbability = None
    }

    /// The split as it is, and test rows under their condition.
    let private recorded (split: PatientSplit) condition siteTests = {
        Train = split.Train
        Validation = split.Validation
        Tests = test condition split.Test :: siteTests
    }

    /// The study with a bias on top, or, for a ceiling, with what "do" has in its place.
    let private injected spec seed whole (study: Study) =
        let draw = InjectedShift.create spec seed whole study.Train
        let source = if spec.Unbiased then Interventional else InDistribution
        let tested = study.Tests.Head.Cohort

        {
            Train = draw "train" source study.Train
            Validation = draw "validation" source study.Validation
            Tests = [
                for given in study.Tests do
                    let name =
                        if given.Condition.StartsWith "site:" then
                            "site"
                        else
                            "test"

                    test given.Condition (draw name InDistribution given.Cohort)
                for condition in [ Interventional; Reversed ] do
                    test (Condition.name condition) (draw "test" condition tested)
            ]
        }

    let private shrink name (seed: Seed) size (train: Cohort) =
        match size with
        | None -> train
        | Some size when size < 1 || size > train.Count ->
            refuse
                name
                $"the training size {size} is not between 1 and {train.Count}"
                "choose one in this range"
        | Some size ->
            let rows = rows train

            Combinatorics.SelectPermutationInplace(
                rows,
                Xoshiro256StarStar(seed.Derive("train size").ToInt32())
            )

            train.Select(rows[.. size - 1])

    let private checkTraining name (train: Cohort) =
        let events = Seq.sum (train.Labels.ToArray()) |> int

        if events = 0 || events = train.Count then
            refuse
                name
                $"the {train.Count} rows for training do not have both outcomes"
                "use more rows, or leave another site out"

    /// The parts of the data, and the tests on a site that is left out.
    let private divide (loaded: LoadedCohort) division seed (spec: DataSpec) =
        let cohort = loaded.Cohort

        match division with
        | Own -> DatasetSplit.ofRows seed loaded.Split cohort (rows cohort), []
        | SiteLeftOut site ->
            let there, others = separate spec.Dataset cohort site

            DatasetSplit.ofRows seed loaded.Split cohort others, [ test $"site:{site}" (cohort.Select there) ]
        | Folds _ when loaded.Split.IsSome ->
            refuse spec.Dataset "its parts are given, by time or by a column" "leave '@folds' out"
        | Folds folds -> DatasetSplit.ofFold loaded.Card.Dataset folds spec.Seed cohort, []

    /// The study of the spec. The spec's seed decides what the data do not: the split, or which fold is tested. Raises
    /// InputException when the spec asks for what real data cannot give, there is no such site or fold, or the training rows
    /// do not have both outcomes.
    let study (loaded: LoadedCohort) (division: Division) (spec: DataSpec) : Study =
        checkSpec spec
        let cohort = loaded.Cohort
        let seed = Seed(uint64 spec.Seed).Derive loaded.Card.Dataset
        let split, siteTests = divide loaded division seed spec
        checkTraining spec.Dataset split.Train

        let condition = loaded.Split |> Option.map _.Condition |> Option.defaultValue "id"

        let study =
            let recorded = recorded split condition siteTests

            if InjectedShift.isAsked spec then
                injected spec seed cohort recorded
            else
                recorded

        let train = shrink spec.Dataset seed spec.TrainSize study.Train
        let numbered = TrainingVocabulary.fit train

        {
            Train = numbered train
            Validation = numbered study.Validation
            Tests = [
                for test in study.Tests ->
                    {
                        test with
                            Cohort = numbered test.Cohort
                    }
            ]
        }

    /// Carries the number of each row through a division.
    let private rowNumber = Modality.Tabular("row number", 2)

    /// Numbers of rows are carried in two parts, each of which a single-precision number holds.
    let private part = 1 <<< 16

    /// For each test of the study of the spec, which rows of the cohort it has, in its order.
    let testRows (loaded: LoadedCohort) division (spec: DataSpec) : (string * int[]) list =
        let numbered = {
            loaded with
                Cohort =
                    (CohortValues.keep (fun _ -> false) loaded.Cohort)
                        .WithModality(
                            rowNumber,
                            [|
                                for row in 0 .. loaded.Cohort.Count - 1 do
                                    float32 (row / part)
                                    float32 (row % part)
                            |]
                        )
        }

        let seed = Seed(uint64 spec.Seed).Derive loaded.Card.Dataset
        let split, siteTests = divide numbered division seed spec
        let condition = loaded.Split |> Option.map _.Condition |> Option.defaultValue "id"

        let rowsOf (cohort: Cohort) =
            cohort.Values(cohort.Modalities.Count - 1).ToArray()
            |> Array.chunkBySize 2
            |> Array.map (fun parts -> int parts[0] * part + int parts[1])

        [
            for test in (recorded split condition siteTests).Tests do
                test.Condition, rowsOf test.Cohort
            // What is injected changes values and what is measured, and no row.
            if InjectedShift.isAsked spec then
                for condition in [ Interventional; Reversed ] do
                    Condition.name condition, rowsOf split.Test
        ]

    /// The data with what decides whether a spec can be honoured, and no values: one number, zero, for every modality. A study
    /// of it is cheap and refuses what a study of the data refuses.
    let withoutValues (loaded: LoadedCohort) = {
        loaded with
            Cohort = CohortValues.keep (fun _ -> false) loaded.Cohort
    }
