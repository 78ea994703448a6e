namespace CausalDebiasing.Bench.Evidence

open CausalDebiasing.Bench.Measures
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results

/// A finished cell's measures under one test condition.
type MeasuresRow = {
    Cell: CellRow
    Measures: TestMeasures
}

/// What predictions are worth to whoever decides by them, cell by cell, as csv.
module MeasuresTable =
    let private identity: (string * (MeasuresRow -> CellsTable.Value)) list = [
        "dataset", (fun row -> CellsTable.Text row.Cell.Dataset)
        "baseline", (fun row -> CellsTable.Text row.Cell.Baseline)
        "variant", (fun row -> CellsTable.Text row.Cell.Variant)
        "missing_rate", (fun row -> CellsTable.Number row.Cell.MissingRate)
        "mechanism", (fun row -> CellsTable.Text row.Cell.Mechanism)
        "confounding", (fun row -> CellsTable.Number row.Cell.Confounding)
        "label_noise", (fun row -> CellsTable.Number row.Cell.LabelNoise)
        "condition", (fun row -> CellsTable.Text row.Cell.Condition)
        "seed", (fun row -> CellsTable.Whole row.Cell.Seed)
        "n_rows", (fun row -> CellsTable.Whole row.Measures.Rows)
        "n_patients", (fun row -> CellsTable.Whole row.Measures.Patients)
        "n_events", (fun row -> CellsTable.Whole row.Measures.Events)
    ]

    let private measured name (pick: TestMeasures -> Measured) = [
        name, (fun row -> CellsTable.Number (pick row.Measures).Value)
        $"{name}_low", (fun row -> CellsTable.Number (pick row.Measures).Low)
        $"{name}_high", (fun row -> CellsTable.Number (pick row.Measures).High)
    ]

    let private atThreshold number (threshold: float) =
        let percent = $"%.0f{100. * threshold}"

        let classes pick =
            fun (measures: TestMeasures) -> pick measures.Classifications[number]

        [
            yield! measured $"net_benefit_{percent}" (fun measures -> measures.NetBenefits[number].Model)
            $"treat_all_{percent}",
            (fun (row: MeasuresRow) -> CellsTable.Number row.Measures.NetBenefits[number].TreatAll)
            yield! measured $"sensitivity_{percent}" (classes _.Sensitivity)
            yield! measured $"specificity_{percent}" (classes _.Specificity)
            yield! measured $"ppv_{percent}" (classes _.PositivePredictiveValue)
        ]

    let private columns = [
        yield! identity
        yield! measured "auroc" _.Auroc
        yield! measured "observed_expected" _.Calibration.ObservedExpected
        yield! measured "calibration_intercept" _.Calibration.Intercept
        yield! measured "calibration_slope" _.Calibration.Slope
        yield! measured "observed_expected_before" _.CalibrationBefore.ObservedExpected
        yield! measured "calibration_intercept_before" _.CalibrationBefore.Intercept
        yield! measured "calibration_slope_before" _.CalibrationBefore.Slope
        "calibration_index", (fun row -> CellsTable.Number row.Measures.CurveDistance)
        yield!
            Classification.thresholds
            |> List.indexed
            |> List.collect (fun (number, threshold) -> atThreshold number threshold)
        "cell_id", (fun row -> CellsTable.Text row.Cell.CellId)
    ]

    /// Column names in order.
    let header = columns |> List.map fst

    /// The rows of a run's finished cells, sorted, and for every reason why cells have none how many these are. Raises
    /// InputException for damaged predictions.
    let ofRun run (results: CellResult list) : MeasuresRow list * (string * int) list =
        let finished =
            results |> List.filter (fun result -> result.Status = Done) |> Array.ofList

        let found =
            finished
            |> Array.Parallel.map (fun result -> result, RememberedMeasures.ofResult run result)

        let rows = [
            for result, measures in found do
                match measures with
                | Error _ -> ()
                | Ok tests ->
                    for test in tests do
                        match result.Measures |> List.tryFind (fun own -> own.Condition = test.Condition) with
                        | Some own -> {
                            Cell = CellRow.ofMeasure "" result own
                            Measures = test
                          }
                        | None -> ()
        ]

        let reasons =
            found
            |> Array.choose (fun (_, measures) ->
                match measures with
                | Error reason -> Some reason
                | Ok _ -> None)
            |> List.ofArray
            |> List.countBy id

        rows |> List.sortBy (fun row -> CellRow.key row.Cell), reasons

    /// Writes measures.csv; an interval is over patients, NaN is empty.
    let write path (rows: MeasuresRow list) = CellsTable.write path columns rows
