namespace CausalDebiasing.Bench.Exchange

open System.Collections.Generic
open CausalDebiasing
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running
open CausalDebiasing.Cohorts
open CausalDebiasing.Debiasing
open CausalDebiasing.Predictors

/// Rows to learn from, with what the add-on gives for each.
type LearningRows = {
    Rows: Cohort
    /// For a model that takes no offsets.
    Weights: float32[]
    /// Known part of the logit, 0 where there is none.
    Offsets: float32[]
    /// For a model that takes the offsets.
    OffsetWeights: float32[]
}

/// What probabilities are asked for.
type Purpose =
    /// The validation rows.
    | Selection
    /// A test under a condition.
    | Testing of condition: string
    /// Validation rows with fewer modalities, by which the add-on knows what a prediction owes to the pattern alone.
    | PatternCheck

/// Rows that probabilities are asked for, with nothing of their outcomes and sites.
type Request = {
    Purpose: Purpose
    Rows: Cohort
    /// One for each row, unlike those of all other rows and studies.
    Keys: string[]
}

/// All that a model from outside needs to be a cell: see `ExchangeStudy.make`.
type ExchangeStudy = {
    /// Hash of the data condition, the variant and all rows.
    Hash: string
    Train: LearningRows
    Validation: LearningRows
    /// Validation rows first, then the tests.
    Requests: Request list
}

module ExchangeStudy =
    /// How many digits of a study's hash its row keys begin with.
    let keyDigits = 12

    /// The study that a key belongs to, by the first digits of its hash.
    let studyOfKey (key: string) = key.Split('-')[0]

    let private ones rows = Array.create rows 1f

    let private arrayOr (fallback: float32[]) (numbers: IReadOnlyList<float32> | null) =
        match numbers with
        | null -> fallback
        | numbers -> Array.ofSeq numbers

    let private learning (rows: Cohort) weights offsets offsetWeights = {
        Rows = rows
        Weights = arrayOr (ones rows.Count) weights
        Offsets = arrayOr (Array.zeroCreate rows.Count) offsets
        OffsetWeights = arrayOr (ones rows.Count) offsetWeights
    }

    /// Fits a recorder in the variant, and lets it be asked for what a cell is asked for.
    let private record (study: Study) data variant shared honoursOffsets =
        let recorder = new Recorder(honoursOffsets)
        use predictor = CellFit.around variant recorder
        predictor.Fit(study.Train, study.Validation, CellFit.context data variant shared)

        let keepsPatterns =
            Map.tryFind variant Variant.options
            |> Option.exists (fun options -> options.Patterns = PatternUse.KeptAsInTraining)

        for cohort in study.Validation :: [ for test in study.Tests -> test.Cohort ] do
            Diagnostic.predictBlind predictor cohort |> ignore

            // Whether these are asked for depends on what the model gives.
            if keepsPatterns then
                for less in DebiasedPredictor.WithFewerModalities cohort do
                    (recorder :> IPredictor).PredictProbability less |> ignore

        recorder

    let private requests (study: Study) (asked: Cohort list) =
        let purposes =
            dict [
                for test in List.rev study.Tests do
                    CohortHash.ofInputs test.Cohort, Testing test.Condition
                CohortHash.ofInputs study.Validation, Selection
            ]

        let order =
            function
            | Selection -> 0
            | Testing _ -> 1
            | PatternCheck -> 2

        asked
        |> List.map (fun rows -> CohortHash.ofInputs rows, rows)
        |> List.distinctBy fst
        |> List.map (fun (hash, rows) ->
            match purposes.TryGetValue hash with
            | true, purpose -> purpose, hash, rows
            | _ -> PatternCheck, hash, rows)
        |> List.sortBy (fun (purpose, _, _) -> order purpose)

    let private withKeys (hash: string) (requests: (Purpose * string * Cohort) list) =
        let prefix = hash.Substring(0, keyDigits)

        let starts =
            requests |> List.scan (fun start (_, _, rows: Cohort) -> start + rows.Count) 0

        List.map2
            (fun start (purpose, _, rows: Cohort) -> {
                Purpose = purpose
                Rows = rows
                Keys = Array.init rows.Count (fun i -> $"{prefix}-{start + i}")
            })
            (List.truncate requests.Length starts)
            requests

    /// What a model from outside is given and asked for when it is fitted in a variant on a study, which was made of data
    /// with that content.
    let make (data: DataSpec) variant (content: string) (study: Study) =
        let shared = FitCache()
        let alone = record study data variant shared false
        let offset = record study data variant shared true
        let own, beside = alone.Given.Value, offset.Given.Value
        let asked = requests study alone.Asked

        let options = Map.tryFind variant Variant.options

        // Beside offsets of patterns, the weights that stand for patterns would count them twice.
        let validationOffsetWeights =
            match options with
            | Some options when options.Weighting = RowWeighting.LogitAdjustment -> null
            | _ -> beside.Context.ValidationWeights

        let hash =
            (CellId.resultsVersion, data, Variant.name variant, Option.map Json.write options, content)
            |> Json.write
            |> fun identity ->
                String.concat "\n" [
                    yield identity
                    yield CohortHash.ofStudy study
                    for _, inputs, _ in asked -> inputs
                ]
            |> Sha256.ofText

        {
            Hash = hash
            Train =
                learning
                    own.Train
                    own.Context.SampleWeights
                    beside.Context.Offsets
                    beside.Context.SampleWeights
            Validation =
                learning
                    own.Validation
                    own.Context.ValidationWeights
                    beside.Context.ValidationOffsets
                    validationOffsetWeights
            Requests = withKeys hash asked
        }
