namespace CausalDebiasing.Bench.Evidence

open CausalDebiasing.Bench.Conditions

/// The recommended options against another remedy for bias, in one regime with one baseline: AUROC on the do test.
type RemedyComparison = {
    Regime: Regime
    Baseline: string
    /// The variant that is compared with.
    Remedy: Variant
    /// Mean over the seeds that all that is compared in the regime has.
    Auroc: float
    Recommended: float
    /// Recommended minus remedy, paired over seeds.
    Difference: Estimate
    /// Of a paired t-test, adjusted by Holm over all comparisons; NaN below two seeds.
    AdjustedP: float
}

module RemedyComparison =
    /// Those of the seeds that all these variants have, so that means over seeds compare.
    let private ofSharedSeeds variants (group: Observation list) =
        let seeds variant =
            group
            |> List.filter (fun seen -> seen.Variant = variant)
            |> List.map _.Seed
            |> Set.ofList

        let shared = variants |> List.map seeds |> Set.intersectMany
        group |> List.filter (fun seen -> shared.Contains seen.Seed)

    let private compare (regime: Regime) (baseline, group: Observation list) =
        let reference = set [ regime.Treated; Variant.ceiling; Variant.ceilingAugmented ]

        let remedies =
            group
            |> List.map _.Variant
            |> List.distinct
            |> List.filter (reference.Contains >> not)
            |> List.sortBy (fun remedy -> remedy <> Variant.plain, remedy)

        let group = ofSharedSeeds (regime.Treated :: remedies) group
        let recommended = Replicates.ofVariant _.Auroc regime.Treated group

        remedies
        |> List.map (fun remedy ->
            let theirs = Replicates.ofVariant _.Auroc remedy group

            let mean side =
                Replicates.combine side recommended theirs
                |> Replicates.values
                |> Statistics.mean

            let differences = Replicates.combine (-) recommended theirs |> Replicates.values

            {
                Regime = regime
                Baseline = baseline
                Remedy = remedy
                Auroc = mean (fun _ other -> other)
                Recommended = mean (fun own _ -> own)
                Difference = Statistics.estimate differences
                AdjustedP = Statistics.tTest 0. differences
            })

    /// Every regime with a bias where a baseline ran with other remedies than plain and recommended; plain is among what
    /// is compared with.
    let all (observations: Observation list) =
        let compared =
            Regime.all
            |> List.filter _.Target.IsGapClosed
            |> List.collect (fun regime ->
                observations
                |> List.filter (fun seen ->
                    seen.Setting.Condition = "do" && Regime.holds regime seen.Setting.Data)
                |> List.groupBy _.Setting.Baseline
                |> List.sortBy fst
                |> List.map (compare regime)
                |> List.filter (List.exists (fun row -> row.Remedy <> Variant.plain))
                |> List.concat)

        List.map2
            (fun row p -> { row with AdjustedP = p })
            compared
            (Statistics.holm (compared |> List.map _.AdjustedP))
