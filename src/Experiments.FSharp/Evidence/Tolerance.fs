namespace CausalDebiasing.Bench.Evidence

open System

/// A metric of the table of cells that a regression check watches.
type WatchedMetric = {
    Name: string
    Value: CellRow -> float
    HigherIsBetter: bool
}

/// How far a metric may move before it counts: the same machine repeats results bit for bit, another processor rounds
/// differently, and training amplifies that up to the spread between seeds.
type Tolerance = {
    Experiment: string
    Dataset: string
    Baseline: string
    Variant: string
    Condition: string
    Metric: string
    Tolerance: float
}

module Tolerance =
    /// No tolerance is smaller: a hundredth moves no conclusion.
    let floor = 0.01

    /// Tolerance in standard deviations over seeds.
    let spreads = 2.

    let metrics = [
        {
            Name = "auroc"
            Value = _.Auroc
            HigherIsBetter = true
        }
        {
            Name = "auprc"
            Value = _.Auprc
            HigherIsBetter = true
        }
        {
            Name = "brier"
            Value = _.Brier
            HigherIsBetter = false
        }
        {
            Name = "ece"
            Value = _.Ece
            HigherIsBetter = false
        }
        {
            Name = "log_loss"
            Value = _.LogLoss
            HigherIsBetter = false
        }
    ]

    /// The group of rows that shares a tolerance.
    let group (row: CellRow) =
        row.Experiment, row.Dataset, row.Baseline, row.Variant, row.Condition

    let private knobs (row: CellRow) =
        string row.MissingRate, row.Mechanism, row.Confounding, row.LabelNoise

    /// max(floor, spreads x sd), with the variance over seeds pooled over the settings of a group; groups with one seed
    /// have the floor.
    let measure (reference: CellRow list) = [
        for (experiment, dataset, baseline, variant, condition), rows in
            reference |> List.filter (fun row -> row.Condition <> "") |> List.groupBy group do
            for metric in metrics do
                let variances =
                    rows
                    |> List.groupBy knobs
                    |> List.map (fun (_, seeds) ->
                        seeds
                        |> List.map metric.Value
                        |> List.filter (Double.IsNaN >> not)
                        |> Statistics.sd)
                    |> List.filter (Double.IsNaN >> not)
                    |> List.map (fun sd -> sd * sd)

                {
                    Experiment = experiment
                    Dataset = dataset
                    Baseline = baseline
                    Variant = variant
                    Condition = condition
                    Metric = metric.Name
                    Tolerance =
                        if variances.IsEmpty then
                            floor
                        else
                            max floor (spreads * sqrt (List.average variances))
                }
    ]
