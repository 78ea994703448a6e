namespace CausalDebiasing.Bench.Evidence

open System
open System.Text.Json
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Foundation

/// An entry of claims.json: a claim, or a regime with its target.
type ClaimEntry = {
    Id: string
    Hypothesis: string
    Origin: string
    Verdict: string
    Finding: Finding option
    Test: string
    Threshold: float
    /// The variants and settings that must have been run.
    Needs: string
}

/// claims.json: per claim and regime its id, hypothesis, origin, verdict, the numbers behind it, test, threshold and needs.
module ClaimsFile =
    let private ofClaim
        {
            Claim = claim
            Verdict = verdict
            Finding = finding
        }
        = {
        Id = claim.Id
        Hypothesis = claim.Hypothesis
        Origin = Claims.originName claim.Origin
        Verdict = Verdict.name verdict
        Finding = finding
        Test = Claims.test claim
        Threshold = Claims.threshold claim.Criterion
        Needs = $"{claim.Treated} and {claim.Reference}: {claim.Where}"
    }

    let private known value =
        if Double.IsFinite value then Some value else None

    let private ofRegime (verdict: RegimeVerdict) =
        let regime = verdict.Regime

        let found estimate low high =
            known estimate
            |> Option.map (fun estimate -> {
                Estimate = estimate
                CiLow = known low
                CiHigh = known high
                P = None
                Seeds = verdict.Seeds
                Baselines = verdict.Baselines
                Units = verdict.Baselines
            })

        let gain = verdict.Difference

        let loss least margin =
            $"{regime.Treated} loses nothing to speak of.",
            $"AUROC of {regime.Treated} minus {Variant.plain} on the do test, paired by seed, mean over baselines; supported if the mean is at least {least} and the 95 %% t-interval over seeds at least {CellRow.number -margin}, inconclusive if the interval alone is not",
            -margin,
            found gain.Mean gain.Low gain.High

        let hypothesis, test, threshold, finding =
            match regime.Target with
            | NoHarm ->
                let hypothesis, test, threshold, finding = loss "0" ClaimCatalog.harmMargin

                hypothesis,
                $"{test}; contradicted, too, if a baseline's mean is below that",
                threshold,
                finding
            | LossAtMost most -> loss (CellRow.number -most) most
            | GapClosed least ->
                $"{regime.Treated} closes at least {CellRow.number least} of the gap to {Variant.ceilingAugmented}.",
                $"Share of the AUROC from {Variant.plain} to {Variant.ceilingAugmented} on the do test that {regime.Treated} gains, as a ratio of means over baselines and seeds; supported if at least {CellRow.number least}, without an interval",
                least,
                found verdict.Share nan nan

        {
            Id = $"regime: {regime.Name}"
            Hypothesis = hypothesis
            Origin = Claims.originName Ours
            Verdict = Verdict.name verdict.Verdict
            Finding = finding
            Test = test
            Threshold = threshold
            Needs =
                $"{regime.Treated}, {Variant.plain} and {Variant.ceilingAugmented}: {regime.Dataset}, do test"
        }

    /// All claims, and the regimes that were run.
    let toJson (judgements: Judgement list) (regimes: RegimeVerdict list) =
        JsonSerializer.Serialize(
            List.map ofClaim judgements @ List.map ofRegime regimes,
            JsonDialect.published
        )
        + "\n"
