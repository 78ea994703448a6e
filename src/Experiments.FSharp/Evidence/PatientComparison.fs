namespace CausalDebiasing.Bench.Evidence

open System.Collections.Generic
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Measures
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Runtime

/// Predictions of a baseline for the same rows, plain and wrapped as recommended, of all replicates (seeds, folds, or sites that were
/// left out in turn), one after the other.
type PatientComparison = {
    /// Seed 0; without the site that was left out.
    Data: DataSpec
    /// "id", "do", "reversed", "later", "site left out" or "site:NAME".
    Condition: string
    Baseline: string
    /// Plain and recommended of each replicate.
    Pairs: (JudgedRows * JudgedRows) list
    /// All rows; a patient who is in several replicates is one patient.
    Plain: JudgedRows
    Recommended: JudgedRows
    /// Recommended without recalibration, where every replicate keeps that.
    BeforeRecalibration: JudgedRows option
    /// Of each row, by the kinds of `Subgroups`, and by what else is recorded of all replicates.
    Groups: (string * string[]) list
}

/// What is to be compared, before any predictions are read.
type PlannedComparison = {
    Data: DataSpec
    Condition: string
    Baseline: string
    /// Test condition, and cells of plain and recommended, by replicate.
    Replicates: (string * string * string) list
}

module PatientComparison =
    let private baselines (planned: PlannedComparison list) =
        planned |> List.map _.Baseline |> List.distinct |> List.length

    /// Of each data set the one setting with the most baselines, then the most replicates, then the strongest bias, or of recorded
    /// data the least that was injected.
    let private leading (planned: PlannedComparison list) =
        planned
        |> List.groupBy _.Data.Dataset
        |> List.map (fun (_, own) ->
            own
            |> List.groupBy _.Data
            |> List.maxBy (fun (data, own) ->
                let sign = if TestPredictions.isRecorded data then -1. else 1.

                baselines own,
                own |> List.sumBy _.Replicates.Length,
                sign * data.Confounding,
                sign * data.MechanismStrength,
                sign * (data.MissingRate |> Option.defaultValue 0.))
            |> snd)

    /// The test that says most about debiasing.
    let private condition (planned: PlannedComparison list) =
        let names = planned |> List.map _.Condition |> List.distinct

        [ "site left out"; "do"; "later"; "id" ]
        |> List.tryFind (fun name -> List.contains name names)
        |> Option.defaultValue (List.min names)

    let private replicates (group: Observation list) =
        group
        |> List.groupBy (fun seen -> seen.Seed, seen.Setting.Data.Dataset, seen.Setting.Condition)
        |> List.sortBy fst
        |> List.choose (fun ((_, _, condition), own) ->
            let cell variant =
                own |> List.tryFind (fun seen -> seen.Variant = variant) |> Option.map _.CellId

            match cell Variant.plain, cell Variant.recommended with
            | Some plain, Some recommended -> Some(condition, plain, recommended)
            | _ -> None)

    /// Data sets, recorded ones first, and baselines of each, the best plain ones first, that are compared at most.
    let private mostDatasets, private mostBaselines = 8, 6

    /// What a run has to compare at the level of patients, and how many comparisons are left out for their number: of every data
    /// set one setting and the test that says most about debiasing, with default hyper-parameters.
    let plan (observations: Observation list) : PlannedComparison list * int =
        let plainAuroc =
            observations
            |> List.filter (fun seen -> seen.Variant = Variant.plain)
            |> List.map (fun seen -> (seen.CellId, seen.Setting.Condition), seen.Measure.Auroc)
            |> Map.ofList

        let level (planned: PlannedComparison) =
            planned.Replicates
            |> List.map (fun (condition, plain, _) -> plainAuroc[plain, condition])
            |> List.filter (System.Double.IsNaN >> not)
            |> Statistics.mean

        let all =
            observations
            |> List.filter (fun seen ->
                seen.Setting.Hyperparameters.IsEmpty
                && List.contains seen.Variant [ Variant.plain; Variant.recommended ])
            |> List.distinctBy (fun seen -> seen.CellId, seen.Setting.Condition)
            |> List.choose (fun seen ->
                ClinicalComparison.comparison seen
                |> Option.map (fun (data, condition) -> (data, condition, seen.Setting.Baseline), seen))
            |> List.groupBy fst
            |> List.map (fun ((data, condition, baseline), group) -> {
                Data = data
                Condition = condition
                Baseline = baseline
                Replicates = replicates (List.map snd group)
            })
            |> List.filter (fun planned -> not planned.Replicates.IsEmpty)
            |> leading
            |> List.map (fun own ->
                let condition = condition own

                own
                |> List.filter (fun planned -> planned.Condition = condition)
                |> List.sortBy (fun planned -> -(level planned), planned.Baseline))
            |> List.sortBy (fun own -> not (TestPredictions.isRecorded own.Head.Data), own.Head.Data)

        let kept =
            all |> List.truncate mostDatasets |> List.collect (List.truncate mostBaselines)

        kept, List.sumBy List.length all - kept.Length

    let private test (predictions: IReadOnlyDictionary<string, TestPredictions list>) cellId condition =
        match predictions.TryGetValue cellId with
        | true, tests -> tests |> List.tryFind (fun test -> test.Condition = condition)
        | _ -> None

    /// Recorded patients are the same people in every replicate; those of worlds are others with every seed.
    let private keys (data: DataSpec) replicate (patients: int64[]) =
        let own = if TestPredictions.isRecorded data then 0 else replicate
        patients |> Array.map (fun patient -> struct (own, patient))

    let private pool pick (tests: (TestPredictions * TestPredictions) list) =
        tests |> List.map pick |> Array.concat

    /// Groups of a kind that every test records, one after the other.
    let private further (recorded: (string * string[]) list list) =
        recorded.Head
        |> List.map fst
        |> List.choose (fun kind ->
            let all = recorded |> List.map (List.tryFind (fst >> (=) kind))

            if List.forall Option.isSome all then
                Some(kind, all |> List.map (Option.get >> snd) |> Array.concat)
            else
                None)

    /// The comparison with its predictions; None where those of no replicate are there. `groups` says what is recorded of the rows of
    /// a cell's test beside site and pattern, by kind.
    let tryMake
        predictions
        (groups: string -> TestPredictions -> (string * string[]) list)
        (planned: PlannedComparison)
        : PatientComparison option =
        let found =
            planned.Replicates
            |> List.choose (fun (condition, plain, recommended) ->
                match test predictions plain condition, test predictions recommended condition with
                | Some first, Some second when first.Patients = second.Patients ->
                    Some(plain, (first, second))
                | _ -> None)

        let tests = List.map snd found

        if tests.IsEmpty then
            None
        else
            let patients =
                tests
                |> List.mapi (fun number (plain, _) -> keys planned.Data number plain.Patients)
                |> Array.concat

            let rows pick =
                JudgedRows.create
                    (pool (fun pair -> Array.map float (pick pair).Probabilities) tests)
                    (pool (fun pair -> Array.map float (pick pair).Outcomes) tests)
                    patients

            Some {
                Data = planned.Data
                Condition = planned.Condition
                Baseline = planned.Baseline
                Pairs =
                    tests
                    |> List.map (fun (plain, recommended) ->
                        JudgedRows.ofTest plain, JudgedRows.ofTest recommended)
                Plain = rows fst
                Recommended = rows snd
                BeforeRecalibration =
                    if tests |> List.forall (fun (_, wrapped) -> wrapped.BeforeRecalibration.IsSome) then
                        Some(
                            JudgedRows.create
                                (pool (fun (_, own) -> Array.map float own.BeforeRecalibration.Value) tests)
                                (pool (fun (_, own) -> Array.map float own.Outcomes) tests)
                                patients
                        )
                    else
                        None
                Groups = [
                    for kind, name in Subgroups.kinds -> kind, pool (fst >> name) tests
                    yield! further [ for cellId, (plain, _) in found -> groups cellId plain ]
                ]
            }

    let private generator = Seed(0UL).Derive "patients"

    /// Mean over replicates of the recommended variant's AUROC minus the plain one's, with the interval of the clustered bootstrap: all
    /// replicates see the same draw of patients.
    let gain (comparison: PatientComparison) : Measured =
        let mutable start = 0

        // Patients are numbered over all rows, as the weights are.
        let ranked = [
            for plain, recommended in comparison.Pairs do
                let last = start + plain.Outcomes.Length
                let patients = comparison.Plain.Patients[start .. last - 1]
                start <- last

                let ranked (rows: JudgedRows) =
                    RankedRows.ofRows { rows with Patients = patients }

                ranked plain, ranked recommended
        ]

        let mean weights =
            ranked
            |> List.averageBy (fun (plain, recommended) ->
                RankedRows.auroc weights recommended - RankedRows.auroc weights plain)

        PatientBootstrap.values PatientBootstrap.resamples generator comparison.Plain.PatientCount mean
        |> PatientBootstrap.interval (mean (Array.create comparison.Plain.PatientCount 1))

    /// The same with the interval of DeLong.
    let gainByDeLong (comparison: PatientComparison) : Measured =
        DeLong.meanDifference
            (comparison.Pairs |> List.map (fun (plain, recommended) -> recommended, plain))
            comparison.Plain
