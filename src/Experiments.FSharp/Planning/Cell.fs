namespace CausalDebiasing.Bench.Planning

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Worlds

/// One training run: a baseline in a variant on one data condition.
type Cell = {
    Data: DataSpec
    /// Id of the baseline, for example "mt".
    Baseline: string
    Variant: Variant
    /// Hyper-parameters that differ from the baseline's defaults.
    Hyperparameters: Map<string, float>
}

/// A cell as part of a named experiment; the same cell may serve several experiments and is computed once.
type PlannedCell = { Experiment: string; Cell: Cell }

/// How a cell ended; a closed list.
type Status =
    | Done
    | Failed
    | TimedOut
    | Skipped

/// Metrics of one trained model under one test condition; NaN where undefined.
type Measure = {
    Condition: string
    TestRows: int
    Auroc: float
    Auprc: float
    Brier: float
    Ece: float
    LogLoss: float
    /// AUROC of the Bayes-optimal probability on the same rows; NaN where the truth is unknown.
    OracleAuroc: float
    /// Mean |p - P(y | do x)|; NaN where the truth is unknown.
    DoRisk: float
}

/// What a cell left behind.
type CellResult = {
    Cell: Cell
    CellId: string
    Status: Status
    /// One line; empty unless failed or skipped.
    Error: string
    /// Where a defect happened, for whoever mends it; not in any table.
    Details: string
    TrainRows: int
    FitSeconds: float
    Measures: Measure list
    /// What the method reports about itself, for example "practice.1.p" or "patterns.kept".
    Diagnostics: Map<string, string>
}

module CellResult =
    let private firstLine (text: string) =
        let lines = text.Trim().Split('\n')
        let line = lines[0].Trim()

        if line.Length > 300 then
            line.Substring(0, 300) + "..."
        else
            line

    /// The result of a cell that left no model behind; of the error the first line is kept.
    let without cell cellId status error = {
        Cell = cell
        CellId = cellId
        Status = status
        Error = firstLine error
        Details = ""
        TrainRows = 0
        FitSeconds = 0.
        Measures = []
        Diagnostics = Map.empty
    }
