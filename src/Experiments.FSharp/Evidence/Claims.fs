namespace CausalDebiasing.Bench.Evidence

open System
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running

/// Whose claim it is.
type Origin =
    | Paper
    | Ours

/// The quantity whose difference is the effect.
type Quantity =
    | Auroc
    /// Mean |p - P(y | do x)|; smaller is better.
    | DoRisk

/// A falsifiable statement about the results, fixed before they exist. The effect is the quantity of Treated minus that
/// of Reference, paired by seed, averaged over baselines and settings.
type Claim = {
    Id: string
    Hypothesis: string
    Origin: Origin
    Quantity: Quantity
    Treated: Variant
    Reference: Variant
    Criterion: Criterion
    /// The settings it is about, in words.
    Where: string
    Applies: Setting -> bool
}

/// The numbers behind a verdict.
type Finding = {
    Estimate: float
    /// Bounds of the 95 % t-interval over seeds; none below two seeds.
    CiLow: float option
    CiHigh: float option
    /// Two-sided paired t-test of "the effect equals the threshold"; none below two seeds.
    P: float option
    Seeds: int
    Baselines: int
    /// Pairs of baseline and setting that were averaged, all of them present for every seed.
    Units: int
}

/// A claim with its verdict.
type Judgement = {
    Claim: Claim
    Verdict: Verdict
    Finding: Finding option
}

module Claims =
    let private metric =
        function
        | Auroc -> fun (measure: Measure) -> measure.Auroc
        | DoRisk -> fun measure -> measure.DoRisk

    let private quantityName =
        function
        | Auroc -> "AUROC"
        | DoRisk -> "do-risk"

    /// The value that the effect is compared with.
    let threshold =
        function
        | Above value
        | Below value -> value

    /// The test in words.
    let test (claim: Claim) =
        let side =
            match claim.Criterion with
            | Above value -> $"above {CellRow.number value}"
            | Below value -> $"below {CellRow.number value}"

        $"{quantityName claim.Quantity} of {claim.Treated} minus {claim.Reference}, paired by seed, mean over baselines "
        + $"and settings ({claim.Where}); supported if the 95 %% t-interval over seeds lies {side}, contradicted if it "
        + "lies on the other side"

    /// Judges one claim; the same run listed under several experiments counts once.
    let judge (observations: Observation list) (claim: Claim) =
        let units =
            observations
            |> List.filter (fun o -> claim.Applies o.Setting)
            |> List.groupBy _.Setting
            |> List.map (fun (setting, group) ->
                setting, Replicates.difference (metric claim.Quantity) claim.Treated claim.Reference group)
            |> List.filter (snd >> Map.isEmpty >> not)

        if units.IsEmpty then
            {
                Claim = claim
                Verdict = NotTested
                Finding = None
            }
        else
            let perSeed, count = units |> List.map snd |> Replicates.average
            let effects = Replicates.values perSeed
            let estimate = Statistics.estimate effects

            let known value =
                if Double.IsNaN value then None else Some value

            {
                Claim = claim
                Verdict = Verdict.ofInterval claim.Criterion estimate.Low estimate.High
                Finding =
                    Some {
                        Estimate = estimate.Mean
                        CiLow = known estimate.Low
                        CiHigh = known estimate.High
                        P = known (Statistics.tTest (threshold claim.Criterion) effects)
                        Seeds = estimate.Count
                        Baselines = units |> List.distinctBy (fun (s, _) -> s.Baseline) |> List.length
                        Units = count
                    }
            }

    /// The word for an origin in tables and files.
    let originName =
        function
        | Paper -> "paper"
        | Ours -> "ours"
