namespace CausalDebiasing.Bench.Reporting

open System
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running
open Deedle

/// One variant of one baseline in one setting, over seeds, and its comparison with the plain model.
type SummaryRow = {
    Experiment: string
    Setting: Setting
    Variant: Variant
    Auroc: Estimate
    /// Means over seeds of the other metrics; NaN where undefined.
    Means: Map<string, float>
    /// AUROC minus that of the plain model over common seeds; Count 0 for the plain model itself.
    Gain: Estimate
    /// Two-sided paired t-test of "no difference".
    P: float
    /// P adjusted by Holm over the baselines of the same experiment, setting and variant.
    PHolm: float
    /// Towards `Variant.ceilingOf` the variant.
    GapClosed: float
    Wins: int
    Ties: int
    Losses: int
}

module SummaryTable =
    let private auroc (measure: Measure) = measure.Auroc

    let private otherMetrics: (string * (Measure -> float)) list = [
        "auprc", _.Auprc
        "brier", _.Brier
        "ece", _.Ece
        "log_loss", _.LogLoss
        "oracle_auroc", _.OracleAuroc
        "do_risk", _.DoRisk
    ]

    let private seedMean metric variant group =
        Replicates.ofVariant metric variant group
        |> Replicates.values
        |> Statistics.mean

    let private gapClosed variant group =
        let wrapped = Replicates.ofVariant auroc variant group

        let ceiling =
            let name = Variant.ceilingOf variant (group |> List.map _.Variant)
            Replicates.ofVariant auroc name group

        Replicates.ofVariant auroc Variant.plain group
        |> Map.toList
        |> List.choose (fun (seed, plain) ->
            match Map.tryFind seed wrapped, Map.tryFind seed ceiling with
            | Some wrapped, Some ceiling -> Some(plain, wrapped, ceiling)
            | _ -> None)
        |> Statistics.gapClosed

    let private row (experiment, setting) group variant =
        let differences =
            if variant = Variant.plain then
                []
            else
                Replicates.difference auroc variant Variant.plain group |> Replicates.values

        let wins, ties, losses = Statistics.winsTiesLosses differences

        {
            Experiment = experiment
            Setting = setting
            Variant = variant
            Auroc =
                Replicates.ofVariant auroc variant group
                |> Replicates.values
                |> Statistics.estimate
            Means =
                otherMetrics
                |> List.map (fun (name, metric) -> name, seedMean metric variant group)
                |> Map.ofList
            Gain = Statistics.estimate differences
            P = Statistics.tTest 0. differences
            PHolm = nan
            GapClosed =
                if variant = Variant.plain then
                    nan
                else
                    gapClosed variant group
            Wins = wins
            Ties = ties
            Losses = losses
        }

    let private adjust (rows: SummaryRow list) =
        List.map2
            (fun (row: SummaryRow) p -> { row with PHolm = p })
            rows
            (rows |> List.map _.P |> Statistics.holm)

    /// The summary of all finished cells, sorted by experiment, setting and variant.
    let rows (observations: Observation list) : SummaryRow list =
        observations
        |> List.groupBy (fun o -> o.Experiment, o.Setting)
        |> List.collect (fun (key, group) ->
            group |> List.map _.Variant |> List.distinct |> List.map (row key group))
        |> List.groupBy (fun row -> row.Experiment, { row.Setting with Baseline = "" }, row.Variant)
        |> List.collect (snd >> adjust)
        |> List.sortBy (fun row -> row.Experiment, row.Setting, row.Variant)

    let private hyperparameters (setting: Setting) =
        setting.Hyperparameters
        |> Map.toList
        |> List.map (fun (name, value) -> $"{name}={CellRow.number value}")
        |> String.concat ";"

    /// The summary as a data frame, one column per column of summary.csv.
    let frame (rows: SummaryRow list) : Frame<int, string> =
        let column name (value: SummaryRow -> 'value) =
            name, rows |> List.map value |> Series.ofValues :> ISeries<int>

        let text name (value: SummaryRow -> string) = column name (value >> CsvText.guard)
        let number name (value: SummaryRow -> float) = column name value
        let whole name (value: SummaryRow -> int) = column name value

        Frame.ofColumns (
            [
                text "experiment" _.Experiment
                text "dataset" _.Setting.Data.Dataset
                text "baseline" _.Setting.Baseline
                text "variant" (_.Variant >> Variant.name)
                number "missing_rate" (fun row -> row.Setting.Data.MissingRate |> Option.defaultValue nan)
                text "mechanism" (fun row -> CellRow.mechanismName row.Setting.Data)
                number "confounding" _.Setting.Data.Confounding
                number "label_noise" (fun row -> 1. / row.Setting.Data.Signal)
                number "train_size" (fun row ->
                    row.Setting.Data.TrainSize |> Option.map float |> Option.defaultValue nan)
                text "hyperparameters" (fun row -> hyperparameters row.Setting)
                text "condition" _.Setting.Condition
                whole "n_seeds" _.Auroc.Count
                number "auroc_mean" _.Auroc.Mean
                number "auroc_sd" _.Auroc.Sd
                number "auroc_ci_low" _.Auroc.Low
                number "auroc_ci_high" _.Auroc.High
                for name, _ in otherMetrics do
                    number $"{name}_mean" (fun row -> row.Means[name])
                number "diff_vs_plain" _.Gain.Mean
                number "diff_ci_low" _.Gain.Low
                number "diff_ci_high" _.Gain.High
                number "p" _.P
                number "p_holm" _.PHolm
                number "gap_closed" _.GapClosed
                whole "wins" _.Wins
                whole "ties" _.Ties
                whole "losses" _.Losses
            ]
        )

    /// Writes summary.csv: empty for what is undefined.
    let write (path: string) rows =
        AtomicFile.write path (fun partial ->
            (frame rows)
                .SaveCsv(
                    partial,
                    includeRowKeys = false,
                    culture = Globalization.CultureInfo.InvariantCulture
                ))
