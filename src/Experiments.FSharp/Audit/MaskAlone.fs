namespace CausalDebiasing.Bench.Audit

open CausalDebiasing.Bench.Evidence

/// What the mask tells of the outcome: cross-validated AUROC of logistic regressions, intervals over patients.
type MaskAlone = {
    Mask: Estimate
    Values: Estimate
    Both: Estimate
    /// Both minus values.
    Gain: Estimate
}

module MaskAlone =
    /// None where every patient has the same modalities. `draws`: a bootstrap over patients.
    let find (values: RecordedValues) (folds: int[]) (draws: float[][]) =
        let cohort = values.Cohort
        let masks = RecordedValues.varying cohort |> Array.map snd

        if masks.Length = 0 then
            None
        else
            let outcome = cohort.Labels.ToArray() |> Array.map float

            let ranked blocks =
                Design.ofBlocks cohort.Count blocks
                |> Design.crossFit folds outcome
                |> Ranked.ofLogits (AuditData.events cohort)

            let mask = Design.shrunk, masks
            let recorded = Design.shrunk, values.Columns
            let values, both = ranked [ recorded ], ranked [ recorded; mask ]

            Some {
                Mask = WeightedScore.aurocOver draws (ranked [ mask ])
                Values = WeightedScore.aurocOver draws values
                Both = WeightedScore.aurocOver draws both
                Gain = WeightedScore.differenceOver draws both values
            }
