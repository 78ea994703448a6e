namespace CausalDebiasing.Bench.Audit

open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime

/// How often the 95 % intervals of a part of the loss held the truth.
type Coverage = {
    /// What moves.
    Kind: string
    /// "AUROC" or "log loss".
    Score: string
    Part: string
    Worlds: int
    /// Mean over worlds.
    Truth: float
    /// Mean of estimate minus truth.
    Bias: float
    /// Mean half width of the interval.
    HalfWidth: float
    Covered: int
}

/// Whether the split of what is lost at a site can be relied on: worlds in which every part is known.
module Coverage =
    let private rows = 3000
    let private rowsThere = 1500
    let private truthRows = 20000

    let private parts: (string * (LossSplit -> Estimate)) list = [
        "change", _.Change
        "case mix", _.CaseMix
        "measuring", _.Measuring
        "outcome", _.Outcome
    ]

    let private scores = [ "AUROC", WeightedScore.auroc; "log loss", WeightedScore.logLoss ]

    /// The parts by name, of exact weights.
    let private named (values: float[]) =
        Map [
            "change", values[2]
            "case mix", values[3]
            "measuring", values[4]
            "outcome", values[5]
        ]

    let private exactWeights shift (cohort: Cohort) (isTarget: bool[]) : StepWeights =
        let densities = SiteShift.densities shift cohort

        let of' target pick =
            Array.init isTarget.Length (fun row -> if isTarget[row] = target then pick densities[row] else 0.)

        {
            SourceMix = of' false _.Mix
            SourceShared = of' false (fun at -> at.Mix * at.Measuring / at.MeanMeasuring)
            TargetShared = of' true (fun at -> (1. - at.Mix) * (1. - at.Measuring) / at.MeanMeasuring)
            TargetMix = of' true (fun at -> 1. - at.Mix)
        }

    /// Estimates with intervals, and the truth, of every score where something moves.
    let private ofShift shift number sample large =
        let cohort, isTarget = SiteShift.draw shift "rows" sample rows
        let values = RecordedValues.ofCohort cohort

        let there, home =
            AuditData.rows cohort |> Array.partition (fun row -> isTarget[row])

        let seed = Seed(uint64 (number: int))
        let loss = SiteLoss.ofRows values seed "there" home there
        // The same models, on as many patients as it takes for the truth.
        let large, isLarge = SiteShift.draw shift "truth" large truthRows

        let ranked =
            SiteLoss.ensemble cohort seed home large
            |> Ranked.ofProbabilities (AuditData.events large)

        let weights = exactWeights shift large isLarge

        [
            for (name, score), split in List.zip scores [ loss.Auroc; loss.LogLoss ] ->
                name, (split, named (SiteLoss.exact (score ranked) weights isLarge))
        ]

    /// The same of every kind in one world.
    let private ofWorld number =
        let world = SiteShift.world number
        let sample = SiteShift.population world "rows" 0 (rows + rowsThere)
        let large = SiteShift.population world "truth" 1 (2 * truthRows)

        [
            for name, kind in SiteShift.kinds ->
                name, ofShift (SiteShift.create kind world large) number sample large
        ]

    let private summary kind score part pick (found: (LossSplit * Map<string, float>) list) =
        let own =
            found
            |> List.map (fun (split, truth) -> (pick split: Estimate), Map.find part truth)

        {
            Kind = kind
            Score = score
            Part = part
            Worlds = own.Length
            Truth = own |> List.averageBy snd
            Bias = own |> List.averageBy (fun (estimate, truth) -> estimate.Mean - truth)
            HalfWidth = own |> List.averageBy (fun (estimate, _) -> estimate.High - estimate.Mean)
            Covered =
                own
                |> List.filter (fun (estimate, truth) -> estimate.Low <= truth && truth <= estimate.High)
                |> List.length
        }

    /// Over worlds of the numbers `first` on; `tick` is told how many are done.
    let find first worlds (tick: int -> int -> unit) = [
        let found =
            List.init worlds (fun i ->
                tick i worlds
                ofWorld (first + i))

        for kind, _ in SiteShift.kinds do
            for score, _ in scores do
                let ofScore =
                    found
                    |> List.map (List.find (fst >> (=) kind) >> snd >> List.find (fst >> (=) score) >> snd)

                for part, pick in parts do
                    summary kind score part pick ofScore
    ]
