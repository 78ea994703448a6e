namespace CausalDebiasing.Bench.Evidence

open System
open System.IO
open System.Text.Json
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running
open CausalDebiasing.Runtime

/// Blessed results and how far fresh ones may differ from them.
type Reference = {
    Rows: CellRow list
    Tolerances: Tolerance list
    /// `CellId.resultsVersion` of the build that was blessed; None where it was not written down.
    ResultsVersion: int option
}

/// What happened to one metric of one row, or to a row.
type ChangeKind =
    /// Worse by more than the tolerance, or no longer defined.
    | Worse
    /// Better by so much more than the tolerance that an error is likelier than progress.
    | Suspicious
    /// Better by more than the tolerance: bless if intended.
    | Better
    /// In the reference, not in the fresh results.
    | Vanished
    /// In the reference finished, in the fresh results not.
    | Broken
    /// Not in the reference.
    | New

/// One difference between reference and fresh results.
type Change = {
    Kind: ChangeKind
    /// The row as it is in the reference (New: in the fresh results).
    Row: CellRow
    /// Name of the metric; empty when the whole row is concerned.
    Metric: string
    Before: float
    After: float
    /// NaN when the whole row is concerned.
    Tolerance: float
    /// What failed, for a broken row.
    Note: string
}

/// All that moved, worst first.
type Comparison = {
    Changes: Change list
    /// Rows that both sides have.
    Compared: int
    /// A metric moved, and yet the results version is the reference's: stored cells of before would count as fresh.
    NeedsVersion: bool
    /// The reference is of another results version than the build: what moves further would not be seen to need a new one.
    IsOutdated: bool
    /// False when a metric got worse or moved suspiciously, a row vanished or broke, the results version must be raised, or the
    /// reference is outdated.
    Passed: bool
}

module Regression =
    /// A metric that gets better by more than this many tolerances fails too.
    let suspicious = 5.

    let private fails =
        function
        | Worse
        | Suspicious
        | Vanished
        | Broken -> true
        | Better
        | New -> false

    /// Whether a change is one that fails the check.
    let isFailure (change: Change) = fails change.Kind

    /// A row without its condition and numbers: the run.
    let private run (row: CellRow) =
        (row.Experiment, row.Dataset, row.Baseline, row.Variant),
        (CellRow.number row.MissingRate, row.Mechanism, row.Confounding, row.LabelNoise, row.Seed)

    let private identity (row: CellRow) = run row, row.Condition, row.TrainRows

    /// Moves in tolerances, positive when worse.
    let private harm (change: Change) =
        match change.Kind with
        | Vanished
        | Broken -> infinity
        | New -> -infinity
        | _ when Double.IsNaN change.After -> infinity
        | _ when Double.IsNaN change.Before -> -infinity
        | _ -> abs (change.After - change.Before) / change.Tolerance

    let private kind (metric: WatchedMetric) before after tolerance =
        let gain =
            if metric.HigherIsBetter then
                after - before
            else
                before - after

        match Double.IsNaN before, Double.IsNaN after with
        | true, true -> None
        | false, true -> Some Worse
        | true, false -> Some Better
        | _ when gain < -tolerance -> Some Worse
        | _ when gain > suspicious * tolerance -> Some Suspicious
        | _ when gain > tolerance -> Some Better
        | _ -> None

    let private moves tolerance (before: CellRow) (after: CellRow) = [
        for metric in Tolerance.metrics do
            let allowed: float = tolerance before metric.Name
            let was, is = metric.Value before, metric.Value after

            match kind metric was is allowed with
            | Some kind -> {
                Kind = kind
                Row = before
                Metric = metric.Name
                Before = was
                After = is
                Tolerance = allowed
                Note = ""
              }
            | None -> ()
    ]

    let private wholeRow kind row note = {
        Kind = kind
        Row = row
        Metric = ""
        Before = nan
        After = nan
        Tolerance = nan
        Note = note
    }

    let private measured = List.filter (fun (row: CellRow) -> row.Condition <> "")

    let private isMove (change: Change) = change.Metric <> ""

    /// Compares fresh results of a build with this results version with the reference, row by row. Fails when a metric got worse by more than its tolerance
    /// or became undefined, when it got better by more than five tolerances, and when a row vanished or its cell no
    /// longer finishes; smaller gains and new rows are reported only, unless the results version must be raised for them.
    let compareAt version (reference: Reference) (fresh: CellRow list) : Comparison =
        let tolerances =
            reference.Tolerances
            |> List.map (fun t ->
                ((t.Experiment, t.Dataset, t.Baseline, t.Variant, t.Condition), t.Metric), t.Tolerance)
            |> Map.ofList

        let tolerance row metric =
            Map.tryFind (Tolerance.group row, metric) tolerances
            |> Option.defaultValue Tolerance.floor

        let byIdentity = List.map (fun row -> identity row, row) >> Map.ofList
        let before = reference.Rows |> measured |> byIdentity
        let after = fresh |> measured |> byIdentity

        let unfinished =
            fresh
            |> List.filter (fun row -> row.Condition = "")
            |> List.map (fun row -> run row, $"{row.Status}: {row.Error}")
            |> Map.ofList

        let changes = [
            for KeyValue(key, row) in before do
                match Map.tryFind key after, Map.tryFind (run row) unfinished with
                | Some counterpart, _ -> yield! moves tolerance row counterpart
                | None, Some reason -> wholeRow Broken row reason
                | None, None -> wholeRow Vanished row ""
            for KeyValue(key, row) in after do
                if not (before.ContainsKey key) then
                    wholeRow New row ""
        ]

        let needsVersion =
            reference.ResultsVersion = Some version && List.exists isMove changes

        let isOutdated =
            reference.ResultsVersion |> Option.exists (fun blessed -> blessed <> version)

        {
            Changes = changes |> List.sortByDescending (fun change -> fails change.Kind, harm change)
            Compared = before |> Map.filter (fun key _ -> after.ContainsKey key) |> Map.count
            NeedsVersion = needsVersion
            IsOutdated = isOutdated
            Passed = not (needsVersion || isOutdated || List.exists isFailure changes)
        }

    /// As `compareAt`, with the results version of this build.
    let compare reference fresh =
        compareAt CellId.resultsVersion reference fresh

    let private files folder =
        Path.Combine(folder, "cells.csv"), Path.Combine(folder, "tolerances.json")

    let private versionFile folder =
        Path.Combine(folder, "results-version.txt")

    let private readVersion folder =
        let file = versionFile folder

        if not (File.Exists file) then
            None
        else
            match Int32.TryParse((File.ReadAllText file).Trim()) with
            | true, version -> Some version
            | _ -> raise (InputException $"{file} holds no number; write it anew with --bless.")

    /// Reads the reference that a folder holds (cells.csv, tolerances.json, results-version.txt).
    /// Raises InputException when there is none or it cannot be read.
    let load (folder: string) : Reference =
        let cells, tolerances = files folder

        if not (File.Exists cells && File.Exists tolerances) then
            raise (
                InputException
                    $"There is no reference in {folder} (cells.csv and tolerances.json); write one with --bless."
            )

        try
            {
                Rows = CellsTable.readCsv cells
                Tolerances =
                    JsonSerializer.Deserialize<Tolerance list>(
                        File.ReadAllText tolerances,
                        JsonDialect.published
                    )
                    |> Option.ofObj
                    |> Option.defaultValue []
                ResultsVersion = readVersion folder
            }
        with :? JsonException as error ->
            raise (
                InputException
                    $"{tolerances} is not a list of tolerances (line {error.LineNumber}); write it anew with --bless."
            )

    let private refuseSameVersion version folder fresh =
        let cells, tolerances = files folder

        if File.Exists cells && File.Exists tolerances then
            let comparison = compareAt version (load folder) fresh

            if comparison.NeedsVersion then
                let moved = comparison.Changes |> List.filter isMove

                raise (
                    InputException
                        $"{moved.Length} metrics moved and CellId.resultsVersion is {version}, as in {folder}: raise it first, so that no stored cell of before counts as fresh."
                )

    /// Makes results of a build with this results version the reference of a folder, with tolerances measured from their
    /// spread over seeds. Raises InputException when there are none, a cell did not finish, or metrics moved and the version
    /// was not raised.
    let blessAt version (folder: string) (fresh: CellRow list) =
        match fresh, fresh |> List.filter (fun row -> row.Condition = "") with
        | [], _ -> raise (InputException $"There are no results to bless for {folder}; run the cells first.")
        | _, (row :: _ as unfinished) ->
            raise (
                InputException
                    $"{unfinished.Length} cells did not finish (first: {row.Baseline}, {row.Variant}, seed {row.Seed}: {row.Status}); rerun them before --bless."
            )
        | _ ->
            refuseSameVersion version folder fresh
            let cells, tolerances = files folder
            CellsTable.writeCsv cells fresh
            AtomicFile.writeText (versionFile folder) $"{version}\n"

            AtomicFile.writeText
                tolerances
                (JsonSerializer.Serialize(Tolerance.measure fresh, JsonDialect.published) + "\n")

    /// As `blessAt`, with the results version of this build.
    let bless folder fresh =
        blessAt CellId.resultsVersion folder fresh
