namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Worlds

/// What wrapping as recommended changes in one setting, AUROC, mean over baselines.
type GainRow = {
    /// The data set.
    Dataset: string
    /// The setting, test or site; empty where the data set has one.
    Label: string
    /// Recorded and as it is, not drawn from a world and not biased on purpose.
    IsRecorded: bool
    /// A part of the row above it: one site of those left out in turn.
    IsPart: bool
    Condition: string
    Baselines: int
    /// Recommended minus plain, paired by replicate; over replicates.
    Gain: Estimate
}

/// The gain by setting, and by site on recorded data.
module GainTable =
    let private auroc (measure: Measure) = measure.Auroc

    let private ofComparison (comparison: ClinicalComparison) =
        let row = {
            Dataset = comparison.Data.Dataset
            Label =
                match comparison.Data.TrainSize with
                | Some rows -> $"{comparison.Condition}, {rows} training rows"
                | None -> comparison.Condition
            IsRecorded = true
            IsPart = false
            Condition = comparison.Condition
            Baselines = comparison.Baselines
            Gain = comparison.Overall.Difference
        }

        let part (site, difference) = {
            row with
                Label = site
                IsPart = true
                Gain = Statistics.estimate [ difference ]
        }

        row :: List.map part comparison.BySite

    let private isBiased (data: DataSpec) =
        List.contains data.Dataset WorldCatalog.names || InjectedShift.isAsked data

    let private ofSetting (name: DataSpec -> string) (data: DataSpec, observations: Observation list) =
        let condition = observations |> List.map _.Setting.Condition |> Style.leading data

        let gain, baselines =
            observations
            |> List.filter (fun seen -> seen.Setting.Condition = condition)
            |> List.groupBy _.Setting.Baseline
            |> List.map (fun (_, group) ->
                Replicates.difference auroc Variant.recommended Variant.plain group)
            |> Replicates.average

        {
            Dataset = data.Dataset
            Label = name data
            IsRecorded = false
            IsPart = false
            Condition = condition
            Baselines = baselines
            Gain = gain |> Replicates.values |> Statistics.estimate
        }

    /// Recorded data first; worlds by their leading test. A setting without a plain and a recommended model has no row.
    let rows (comparisons: ClinicalComparison list) (observations: Observation list) =
        let biased =
            observations
            |> List.filter (fun seen -> isBiased seen.Setting.Data)
            |> List.groupBy _.Setting.Data
            |> List.sortBy fst

        let name = SettingName.among (List.map fst biased)

        List.collect ofComparison comparisons
        @ (biased
           |> List.map (ofSetting name)
           |> List.filter (fun row -> row.Gain.Count > 0))
