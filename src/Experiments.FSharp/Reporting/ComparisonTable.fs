namespace CausalDebiasing.Bench.Reporting

open System
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running

/// Mean AUROCs of the compared variants in one setting, over the baselines that have them all.
type ComparisonRow = {
    Experiment: string
    /// Data set and the numbers that describe the setting.
    Setting: string
    Dataset: string
    Condition: string
    Baselines: int
    Seeds: int
    /// Mean AUROC by variant; absent when the variant did not run.
    Means: Map<Variant, float>
    Oracle: float
    /// Recommended minus plain, per seed averaged over baselines.
    Gain: Estimate
    /// By the recommended variant, towards the ceiling with augmentation where there is one; NaN without a ceiling or where there is no gap.
    GapClosed: float
}

module ComparisonTable =
    let private auroc (measure: Measure) = measure.Auroc

    let private all = Style.variants |> List.map fst

    /// The variants that have a column for these rows, in order: the ceiling with augmentation only where it ran.
    let variants (rows: ComparisonRow list) =
        all
        |> List.filter (fun variant ->
            variant <> Variant.ceilingAugmented
            || rows |> List.exists (fun row -> row.Means.ContainsKey variant))

    let private averaged variant (observations: Observation list) =
        observations
        |> List.groupBy _.Setting.Baseline
        |> List.map (fun (_, group) -> Replicates.ofVariant auroc variant group)
        |> Replicates.average
        |> fst

    let private row experiment (setting: Setting) (group: Observation list) =
        let present, baselines = Slice.comparable all group

        let shared =
            group |> List.filter (fun o -> List.contains o.Setting.Baseline baselines)

        let means =
            present
            |> List.map (fun variant -> variant, averaged variant shared)
            |> Map.ofList

        let bySeed variant =
            Map.tryFind variant means |> Option.defaultValue Map.empty

        let plain, recommended, ceiling =
            bySeed Variant.plain,
            bySeed Variant.recommended,
            bySeed (Variant.ceilingOf Variant.recommended present)

        {
            Experiment = experiment
            Setting =
                setting.Data.Dataset
                :: (Axis.all |> List.map (fun axis -> axis.Describe setting.Data))
                |> String.concat ", "
            Dataset = setting.Data.Dataset
            Condition = setting.Condition
            Baselines = baselines.Length
            Seeds = plain.Count
            Means = means |> Map.map (fun _ values -> Statistics.mean (Replicates.values values))
            Oracle =
                shared
                |> List.filter (fun o -> not (Double.IsNaN o.Measure.OracleAuroc))
                |> List.distinctBy _.Seed
                |> List.map _.Measure.OracleAuroc
                |> Statistics.mean
            Gain =
                Replicates.combine (-) recommended plain
                |> Replicates.values
                |> Statistics.estimate
            GapClosed =
                plain
                |> Map.toList
                |> List.choose (fun (seed, value) ->
                    match Map.tryFind seed recommended, Map.tryFind seed ceiling with
                    | Some wrapped, Some best -> Some(value, wrapped, best)
                    | _ -> None)
                |> Statistics.gapClosed
        }

    /// One row per experiment, setting and test condition that has a plain model to compare with.
    let rows (observations: Observation list) =
        observations
        |> List.groupBy (fun o ->
            o.Experiment,
            {
                o.Setting with
                    Baseline = ""
                    Hyperparameters = Map.empty
            })
        |> List.sortBy (fun ((experiment, setting), _) ->
            experiment, setting.Data, Style.conditionOrder setting.Condition)
        |> List.map (fun ((experiment, setting), group) -> row experiment setting group)
        |> List.filter (fun row -> row.Baselines > 0 && row.Means.ContainsKey Variant.plain)
