namespace CausalDebiasing.Bench.Evidence

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Worlds

/// One line of the table of cells: a cell under one test condition, or, with an empty condition and no metrics, a cell
/// that did not finish. NaN stands for what does not exist.
type CellRow = {
    Experiment: string
    Dataset: string
    Baseline: string
    Variant: string
    MissingRate: float
    /// With its strength where that matters, for example "outcome-linked:0.5".
    Mechanism: string
    Confounding: float
    /// 1 / signal strength of the outcome.
    LabelNoise: float
    Condition: string
    Seed: int
    TrainRows: int
    TestRows: int
    Auroc: float
    Auprc: float
    Brier: float
    Ece: float
    LogLoss: float
    OracleAuroc: float
    FitSeconds: float
    /// "done", "failed", "timed-out" or "skipped".
    Status: string
    /// One line; empty unless the cell failed or was skipped.
    Error: string
    /// What must be said with the numbers, for example "fewer than 10 events"; mostly empty.
    Caveat: string
    CellId: string
}

module CellRow =
    /// The word for a status in tables.
    let statusName =
        function
        | Done -> "done"
        | Failed -> "failed"
        | TimedOut -> "timed-out"
        | Skipped -> "skipped"

    /// Shortest text that reads back as the same number, independent of the machine's language; empty for NaN.
    let number (value: float) =
        if System.Double.IsNaN value then
            ""
        else
            value.ToString("R", System.Globalization.CultureInfo.InvariantCulture)

    /// Name of a mechanism, with its strength where the mechanism has one.
    let mechanismName (data: DataSpec) =
        match data.Mechanism with
        | Natural
        | Mcar -> Mechanism.name data.Mechanism
        | mechanism -> $"{Mechanism.name mechanism}:{number data.MechanismStrength}"

    /// A row of nothing.
    let empty = {
        Experiment = ""
        Dataset = ""
        Baseline = ""
        Variant = ""
        MissingRate = nan
        Mechanism = ""
        Confounding = nan
        LabelNoise = nan
        Condition = ""
        Seed = 0
        TrainRows = 0
        TestRows = 0
        Auroc = nan
        Auprc = nan
        Brier = nan
        Ece = nan
        LogLoss = nan
        OracleAuroc = nan
        FitSeconds = nan
        Status = ""
        Error = ""
        Caveat = ""
        CellId = ""
    }

    let private oneLine (text: string) =
        System.String.Join(" ", text.Split([| '\r'; '\n' |], System.StringSplitOptions.RemoveEmptyEntries))

    let private unmeasured = {
        Condition = ""
        TestRows = 0
        Auroc = nan
        Auprc = nan
        Brier = nan
        Ece = nan
        LogLoss = nan
        OracleAuroc = nan
        DoRisk = nan
    }

    /// The row of one measure of a result.
    let ofMeasure experiment (result: CellResult) (measure: Measure) = {
        Experiment = experiment
        Dataset = result.Cell.Data.Dataset
        Baseline = result.Cell.Baseline
        Variant = Variant.name result.Cell.Variant
        MissingRate = result.Cell.Data.MissingRate |> Option.defaultValue nan
        Mechanism = mechanismName result.Cell.Data
        Confounding = result.Cell.Data.Confounding
        LabelNoise = 1. / result.Cell.Data.Signal
        Condition = measure.Condition
        Seed = result.Cell.Data.Seed
        TrainRows = result.TrainRows
        TestRows = measure.TestRows
        Auroc = measure.Auroc
        Auprc = measure.Auprc
        Brier = measure.Brier
        Ece = measure.Ece
        LogLoss = measure.LogLoss
        OracleAuroc = measure.OracleAuroc
        FitSeconds = result.FitSeconds
        Status = statusName result.Status
        Error = oneLine result.Error
        Caveat =
            result.Diagnostics
            |> Map.tryFind (Diagnostic.caveatName measure.Condition)
            |> Option.defaultValue ""
        CellId = result.CellId
    }

    /// All columns that say which run a row belongs to, in the order of the table; rows are sorted by it.
    let key row =
        let rate =
            if System.Double.IsNaN row.MissingRate then
                -1.
            else
                row.MissingRate

        struct (row.Experiment, row.Dataset, row.Baseline, row.Variant, rate, row.Mechanism),
        struct (row.Confounding, row.LabelNoise, row.Condition, row.Seed, row.TrainRows, row.CellId)

    /// One row per test condition of finished cells and one per unfinished cell, sorted by key.
    let ofResults (results: (string * CellResult) list) =
        [
            for experiment, result in results do
                match result.Status, result.Measures with
                | Done, (_ :: _ as measures) ->
                    for measure in measures do
                        ofMeasure experiment result measure
                | _ -> ofMeasure experiment result unmeasured
        ]
        |> List.sortBy key

    /// The rows whose do-risk is known, with it, sorted by key.
    let doRisks (results: (string * CellResult) list) =
        [
            for experiment, result in results do
                for measure in result.Measures do
                    if result.Status = Done && not (System.Double.IsNaN measure.DoRisk) then
                        ofMeasure experiment result measure, measure.DoRisk
        ]
        |> List.sortBy (fst >> key)
