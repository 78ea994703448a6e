namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running

/// How the gain changes along a swept number, for one baseline or the mean of all.
type TrendRow = {
    Experiment: string
    /// What is held fixed.
    Fixed: string
    Axis: string
    /// Empty for the mean over baselines.
    Baseline: string
    Condition: string
    Trend: Trend
    /// Area under AUROC against the missing rate, recommended minus plain; Count 0 for other axes.
    AreaGain: Estimate
}

module TrendTable =
    let private auroc (measure: Measure) = measure.Auroc

    /// Along the levels, as (level, observations), the gain by seed, mean over baselines: those that have it at every level with
    /// the same seeds, so that no level averages other baselines than the next.
    let private meanGains (levels: (float * Observation list) list) : (float * BySeed) list =
        let gains =
            levels
            |> List.map snd
            |> List.collect (List.map _.Setting.Baseline)
            |> List.distinct
            |> List.map (fun baseline ->
                levels
                |> List.map (fun (_, own) ->
                    own
                    |> List.filter (fun one -> one.Setting.Baseline = baseline)
                    |> Replicates.difference auroc Variant.recommended Variant.plain))
            |> List.map (fun gains ->
                let seeds = gains |> List.map (Map.keys >> Set.ofSeq) |> Set.intersectMany
                gains |> List.map (Map.filter (fun seed _ -> seeds.Contains seed)))

        levels
        |> List.mapi (fun level (x, _) ->
            x, gains |> List.map (fun one -> one[level]) |> Replicates.average |> fst)

    let private areaGain (points: (float * BySeed) list) =
        // The area is linear in the heights: that of the gains is the gain of the areas.
        points
        |> List.map (fun (_, values) -> values |> Map.keys |> Set.ofSeq)
        |> Set.intersectMany
        |> Seq.map (fun seed -> points |> List.map (fun (x, values) -> x, values[seed]) |> Trend.area)
        |> List.ofSeq
        |> Statistics.estimate

    let private row (axis: Axis) (slice: Slice) condition baseline observations =
        let points =
            Slice.values axis observations
            |> List.map (fun x ->
                x, observations |> List.filter (fun seen -> axis.Value seen.Setting.Data = Some x))
            |> meanGains

        Trend.along points
        |> Option.map (fun trend -> {
            Experiment = slice.Experiment
            Fixed = slice.Fixed
            Axis = axis.Label
            Baseline = baseline
            Condition = condition
            Trend = trend
            AreaGain =
                if axis.Name = Axis.missingRate.Name then
                    areaGain points
                else
                    Statistics.estimate []
        })

    let private ofSlice axis (slice: Slice) =
        let condition =
            slice.Observations |> List.map _.Setting.Condition |> Style.leading slice.Data

        let seen =
            slice.Observations |> List.filter (fun one -> one.Setting.Condition = condition)

        let baselines = Slice.baselinesWith [ Variant.plain; Variant.recommended ] seen

        let shared =
            seen |> List.filter (fun one -> List.contains one.Setting.Baseline baselines)

        row axis slice condition "" shared
        :: [
            if baselines.Length > 1 then
                for baseline in baselines ->
                    shared
                    |> List.filter (fun one -> one.Setting.Baseline = baseline)
                    |> row axis slice condition baseline
        ]
        |> List.choose id

    /// Rows for every experiment that varies confounding strength or missing rate over three values or more.
    let rows (observations: Observation list) =
        [ Axis.confounding; Axis.missingRate ]
        |> List.collect (fun axis -> Slice.along [ axis ] observations |> List.collect (ofSlice axis))
