using CausalDebiasing.Cohorts;
using MathNet.Numerics.Distributions;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Whether patients still look like those that a <see cref="DeploymentDecision"/> was made on; made by
/// <see cref="DebiasedPredictor.CheckDrift"/>, without outcomes.
/// </summary>
/// <param name="Rows">Number of rows that were looked at.</param>
/// <param name="IsJudged">Whether there were enough, here and in the decision (<see cref="PatternShift.LeastPatients"/>).</param>
/// <param name="Observed">Share of these rows in which each of the M modalities is observed.</param>
/// <param name="RiskStability">
/// Population stability index of the predicted risk over tenths of the reference; 0 for the same distribution, above 0.1 a
/// shift, above 0.25 a large one (Siddiqi 2006, chapter 9).
/// </param>
/// <param name="Pattern">How these rows relate risk and pattern; null where patterns are not adjusted for.</param>
/// <param name="Findings">One sentence for everything that has changed, with what to do; it holds no value of a patient.</param>
public sealed record DeploymentDrift(
    int Rows,
    bool IsJudged,
    IReadOnlyList<double> Observed,
    double RiskStability,
    PatternShift? Pattern,
    IReadOnlyList<string> Findings
)
{
    /// <summary>Of all tests together: a finding is more than chance.</summary>
    private const double Significance = 0.01;

    private const double LeastShareChange = 0.05;
    private const double LeastRiskChange = 0.1;

    /// <summary>Whether anything has changed.</summary>
    public bool HasDrifted => Findings.Count > 0;

    /// <param name="decision">What was decided.</param>
    /// <param name="recent">The rows.</param>
    /// <param name="risk">Their interventional predictions, [n].</param>
    /// <param name="shift">How they relate risk and pattern; null where patterns are not adjusted for.</param>
    internal static DeploymentDrift Of(
        DeploymentDecision decision,
        Cohort recent,
        float[] risk,
        PatternShift? shift
    )
    {
        var (then, now) = (decision.Profile, decision.Profile.Same(recent, risk));
        var isJudged = Math.Min(then.Rows, now.Rows) >= PatternShift.LeastPatients;
        var stability = Stability(then, now);
        string[] findings = isJudged
            ?
            [
                .. Measured(then, now, recent.Modalities),
                .. Risks(then, now, stability),
                .. Relation(decision, shift),
            ]
            : [];
        return new(now.Rows, isJudged, now.Observed, stability, shift, findings);
    }

    private static IEnumerable<string> Measured(
        DeploymentProfile then,
        DeploymentProfile now,
        IReadOnlyList<Modality> modalities
    )
    {
        for (var m = 0; m < modalities.Count; m++)
        {
            var change = now.Observed[m] - then.Observed[m];
            var both = (now.Observed[m] * now.Rows + then.Observed[m] * then.Rows) / (now.Rows + then.Rows);
            var error = Math.Sqrt(both * (1 - both) * (1.0 / now.Rows + 1.0 / then.Rows));
            if (
                Math.Abs(change) > LeastShareChange
                && 2 * Normal.CDF(0, 1, -Math.Abs(change) / error) < Level(then)
            )
                yield return FormattableString.Invariant(
                    $"Modality '{modalities[m].Name}' is observed in {100 * now.Observed[m]:f0} % of the rows, and was in {100 * then.Observed[m]:f0} %: find out what has changed, and decide anew ({nameof(DebiasedPredictor.DeployTo)})."
                );
        }
    }

    private static IEnumerable<string> Risks(DeploymentProfile then, DeploymentProfile now, double stability)
    {
        if (then.Limits.Length == 0)
            yield break;
        var square = 0.0;
        for (var g = 0; g < then.Risks.Length; g++)
        {
            var both = (double)(then.Risks[g] + now.Risks[g]) / (then.Rows + now.Rows);
            foreach (var profile in (DeploymentProfile[])[then, now])
                if (both > 0)
                    square += Math.Pow(profile.Risks[g] - both * profile.Rows, 2) / (both * profile.Rows);
        }
        if (stability > LeastRiskChange && 1 - ChiSquared.CDF(then.Limits.Length, square) < Level(then))
            yield return FormattableString.Invariant(
                $"The predicted risks are distributed otherwise (population stability index {stability:f2}): check units and sources of the values, and whether the patients are others."
            );
    }

    private static IEnumerable<string> Relation(DeploymentDecision decision, PatternShift? shift)
    {
        if (
            shift is null
            || double.IsNaN(shift.Position)
            || decision is not { Position: { } position, StandardError: { } error }
        )
            yield break;
        // A decision may rest on few rows: what more rows of the same patients show is no change.
        if (
            Math.Abs(shift.Position - position)
            < 2 * Math.Sqrt(error * error + shift.StandardError * shift.StandardError)
        )
            yield break;
        if (decision.Pattern == PatternPart.Kept && !shift.IsAsInTraining)
            yield return $"What missingness patterns tell is kept in predictions, and no longer relates to risk as in training ({PatternChoice.Position(shift)}): decide anew ({nameof(DebiasedPredictor.DeployTo)}).";
        if (decision.Pattern == PatternPart.LeftOut && shift.IsShownAsInTraining)
            yield return $"What missingness patterns tell is left out of predictions, and relates to risk as in training again ({PatternChoice.Position(shift)}): it may be kept if decided anew ({nameof(DebiasedPredictor.DeployTo)}).";
    }

    /// <summary>Sum over groups of (now - then) log (now / then), half a row being added to each.</summary>
    private static double Stability(DeploymentProfile then, DeploymentProfile now)
    {
        double Share(DeploymentProfile of, int group) =>
            (of.Risks[group] + 0.5) / (of.Rows + 0.5 * of.Risks.Length);
        return Enumerable
            .Range(0, then.Risks.Length)
            .Sum(g => (Share(now, g) - Share(then, g)) * Math.Log(Share(now, g) / Share(then, g)));
    }

    private static double Level(DeploymentProfile profile) => Significance / (profile.Observed.Length + 1);
}
