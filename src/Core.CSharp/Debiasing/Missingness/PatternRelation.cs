using System.Text.Json.Serialization;

namespace CausalDebiasing.Debiasing;

/// <summary>How risk and pattern go together among patients, and in the same patients when less is recorded of them.</summary>
internal sealed record PatternRelation
{
    /// <summary>Where outcome and severity tell the same, the slope beside the other is that on the first alone.</summary>
    private const double Ridge = 0.05;

    private const double Least = 1e-9;

    /// <summary>Of patients.</summary>
    [JsonInclude]
    internal PatternMoments Between { get; init; } = new();

    /// <summary>
    /// Of each patient under several patterns: what the risk of given patients owes to what happens to be recorded of them. With
    /// less recorded a risk lies nearer to the mean, so that among mild patients it is higher and among severe ones lower; and a
    /// network keeps some of the pattern.
    /// </summary>
    [JsonInclude]
    internal PatternMoments Within { get; init; } = new();

    /// <summary>
    /// What the variance of the presence of each modality is elsewhere, as a share of the variance here, [M]: with the same log
    /// odds of presence by risk, the slope of presence on risk is that share of the slope here.
    /// </summary>
    internal double[] Shares(double[] elsewhere) =>
        [.. Between.Variances.Zip(elsewhere, (here, there) => here > Least ? there / here : 0)];

    /// <summary>The slopes of all that each modality tells.</summary>
    internal PatternSlopes Slopes(PatternOffset offset) => Slopes(offset, Whole(offset));

    /// <summary>The slopes. 0 where all patterns tell the same of the outcome, or all risks are the same.</summary>
    /// <param name="offset">What patterns tell.</param>
    /// <param name="shares">Of what each modality tells, [M].</param>
    internal PatternSlopes Slopes(PatternOffset offset, double[] shares)
    {
        var freed = Freed(offset);
        var told = new Products(freed, Weigh(offset.Presence, shares), Weigh(offset.Severity, shares));
        var left = freed.Risk - told.SeverityRisk * told.SeverityRisk / told.Severity;
        return new(
            freed.Risk > Least ? told.OutcomeRisk / freed.Risk : 0,
            left > Least ? told.OutcomeRiskLeft / left : 0,
            freed.Risk / Math.Max(1, freed.Count)
        );
    }

    /// <summary>Those by modality of all that each tells, [M].</summary>
    internal double[] SlopesByModality(PatternOffset offset) => SlopesByModality(offset, Whole(offset));

    /// <summary>
    /// The slope of what each modality tells of the outcome on the risk, [M]; they add up to <see cref="PatternSlopes.Alone"/>.
    /// </summary>
    internal double[] SlopesByModality(PatternOffset offset, double[] shares)
    {
        var freed = Freed(offset);
        return
        [
            .. Weigh(offset.Presence, shares)
                .Select((own, m) => freed.Risk > Least ? own * freed.PresencesAndRisk[m] / freed.Risk : 0),
        ];
    }

    /// <summary>Standard deviation of what patterns tell of the outcome, over that with all shares 1.</summary>
    internal double Scale(PatternOffset offset, double[] shares)
    {
        var all = Between.VarianceOf(offset.Presence);
        return all > Least ? Math.Sqrt(Between.VarianceOf(Weigh(offset.Presence, shares)) / all) : 1;
    }

    /// <summary>Between patients, without what the risk of the same patient owes to the pattern.</summary>
    private PatternMoments Freed(PatternOffset offset)
    {
        var same = new Products(Within, offset.Presence, offset.Severity);
        var left = same.Outcome - same.Both * same.Both / same.Severity;
        var outcome = left > Least ? same.OutcomeRiskLeft / left : 0;
        var severity = (same.SeverityRisk - same.Both * outcome) / same.Severity;
        return Between.Without([
            .. offset.Presence.Zip(offset.Severity, (b, s) => outcome * b + severity * s),
        ]);
    }

    private static double[] Whole(PatternOffset offset) => [.. offset.Presence.Select(_ => 1.0)];

    private static double[] Weigh(double[] told, double[] shares) =>
        [.. told.Zip(shares, (own, share) => own * share)];

    /// <summary>Of what patterns tell of outcome and severity, and of the risk.</summary>
    private sealed class Products(PatternMoments moments, double[] outcome, double[] severity)
    {
        internal double Outcome { get; } = PatternMoments.Dot(outcome, moments.PresencesAnd(outcome));

        internal double Both { get; } = PatternMoments.Dot(outcome, moments.PresencesAnd(severity));

        internal double Severity { get; } =
            PatternMoments.Dot(severity, moments.PresencesAnd(severity)) * (1 + Ridge) + Least;

        internal double OutcomeRisk { get; } = PatternMoments.Dot(outcome, moments.PresencesAndRisk);

        internal double SeverityRisk { get; } = PatternMoments.Dot(severity, moments.PresencesAndRisk);

        /// <summary>Of what severity leaves.</summary>
        internal double OutcomeRiskLeft => OutcomeRisk - Both / Severity * SeverityRisk;
    }
}
