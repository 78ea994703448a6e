namespace CausalDebiasing.Bench.Evidence

open System
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running

/// What the recommended options reached in a regime; means over baselines and seeds, NaN where nothing was run.
type RegimeVerdict = {
    Regime: Regime
    Baselines: int
    Seeds: int
    Plain: float
    Recommended: float
    /// The same models with the same augmentation, trained on data without bias.
    Ceiling: float
    /// Paired difference to plain over seeds, baselines averaged.
    Difference: Estimate
    /// The baseline that loses most, or gains least.
    WorstBaseline: string * float
    /// AUROC on the reversed test, recommended and ceiling.
    Reversed: float * float
    /// Expected calibration error on the do test, plain and recommended.
    Calibration: float * float
    /// See Statistics.gapClosed, baselines averaged per seed; NaN where there is no gap.
    Share: float
    Verdict: Verdict
}

module RegimeVerdict =
    /// That nothing is lost must be shown by the interval: NaN, as its end is with one seed, shows nothing.
    let private spared margin isWithin (difference: Estimate) =
        if Double.IsNaN difference.Mean then Inconclusive
        elif not isWithin then Contradicted
        elif difference.Low >= -margin then Supported
        else Inconclusive

    /// The target against the difference to plain, the mean difference of the baseline that loses most, and the share.
    let private judged target (difference: Estimate) worst share =
        match target with
        | NoHarm ->
            let margin = ClaimCatalog.harmMargin
            spared margin (difference.Mean >= 0. && worst >= -margin) difference
        | LossAtMost most -> spared most (difference.Mean >= -most) difference
        | GapClosed _ when Double.IsNaN share -> NotTested
        | GapClosed least when share >= least -> Supported
        | GapClosed _ -> Contradicted

    /// The units of comparison: per baseline the values by seed of a variant, for baselines that have all three variants.
    let private judge (observations: Observation list) regime =
        let mine =
            observations |> List.filter (fun seen -> Regime.holds regime seen.Setting.Data)

        let needed = [ Variant.plain; regime.Treated; Variant.ceilingAugmented ]

        let baselines =
            mine
            |> List.groupBy _.Setting.Baseline
            |> List.filter (fun (_, group) ->
                needed
                |> List.forall (fun variant -> group |> List.exists (fun seen -> seen.Variant = variant)))
            |> List.sortBy fst

        let bySeed metric condition variant (group: Observation list) =
            group
            |> List.filter (fun seen -> seen.Setting.Condition = condition)
            |> Replicates.ofVariant metric variant

        let average metric condition variant =
            baselines
            |> List.collect (fun (_, group) -> Replicates.values (bySeed metric condition variant group))
            |> Statistics.mean

        let differences =
            baselines
            |> List.map (fun (baseline, group) ->
                baseline,
                Replicates.combine
                    (-)
                    (bySeed _.Auroc "do" regime.Treated group)
                    (bySeed _.Auroc "do" Variant.plain group))

        if baselines.IsEmpty then
            None
        else
            let share =
                let levels variant =
                    baselines
                    |> List.map (fun (_, group) -> bySeed _.Auroc "do" variant group)
                    |> Replicates.average
                    |> fst

                let recommended, ceiling = levels regime.Treated, levels Variant.ceilingAugmented

                levels Variant.plain
                |> Map.toList
                |> List.choose (fun (seed, plain) ->
                    Option.map2
                        (fun recommended ceiling -> plain, recommended, ceiling)
                        (Map.tryFind seed recommended)
                        (Map.tryFind seed ceiling))
                |> Statistics.gapClosed

            let perSeed, _ = Replicates.average (List.map snd differences)
            let difference = Statistics.estimate (Replicates.values perSeed)

            let worst =
                differences
                |> List.map (fun (baseline, values) -> baseline, Statistics.mean (Replicates.values values))
                |> List.minBy snd

            let verdict = {
                Regime = regime
                Baselines = baselines.Length
                Seeds = perSeed.Count
                Plain = average _.Auroc "do" Variant.plain
                Recommended = average _.Auroc "do" regime.Treated
                Ceiling = average _.Auroc "do" Variant.ceilingAugmented
                Difference = difference
                WorstBaseline = worst
                Reversed =
                    average _.Auroc "reversed" regime.Treated,
                    average _.Auroc "reversed" Variant.ceilingAugmented
                Calibration = average _.Ece "do" Variant.plain, average _.Ece "do" regime.Treated
                Share = share
                Verdict = judged regime.Target difference (snd worst) share
            }

            Some verdict

    /// One verdict for every regime that was run.
    let all observations =
        Regime.all |> List.choose (judge observations)
