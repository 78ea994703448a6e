using System.Text.Json.Serialization;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// What the missingness pattern r tells of the outcome beside the values x:
/// O(x, r) = log P(r | x, y = 1) / P(r | x, y = 0). With it known, logit P(y | x, r) = f(x) + O(x, r), and f is the
/// prediction under the backdoor adjustment for r. Two ways take it out: an offset of the logit (logit adjustment), or
/// weights P(y) / P(y | x, r), clipped.
/// </summary>
/// <remarks>
/// To first order it is b (r - p), summed over the modalities, with b the log odds of the outcome for presence beside the
/// values, and p the presence that the values of the other modalities let expect midway between the outcome classes. An
/// offset that did not know the values would take out of f what severity does to pattern and outcome both; without p, f
/// would keep what the values tell of the pattern.
/// </remarks>
internal sealed record PatternOffset
{
    private static readonly double Limit = Math.Log(20);

    /// <summary>What of the values the offset reads.</summary>
    [JsonInclude]
    internal ValueSummary Values { get; init; } = new();

    /// <summary>b of each of the M modalities.</summary>
    [JsonInclude]
    internal double[] Presence { get; init; } = [];

    /// <summary>Slopes of the sum of -b p on the columns of <see cref="Values"/>.</summary>
    [JsonInclude]
    internal double[] Slopes { get; init; } = [];

    /// <summary>Constant of the sum of -b p.</summary>
    [JsonInclude]
    internal double Constant { get; init; }

    /// <summary>
    /// How a risk score that is read off the values goes with the presence of each of the M modalities within the outcome
    /// classes.
    /// </summary>
    [JsonInclude]
    internal double[] Severity { get; init; } = [];

    /// <summary>P(y = 1) in training.</summary>
    [JsonInclude]
    internal double Prevalence { get; init; }

    /// <summary>What each modality adds to the offset of a row where it is shown: [n * M], row-major.</summary>
    internal float[] Parts(Cohort cohort)
    {
        var parts = new float[cohort.Count * Presence.Length];
        var values = Values.Of(cohort);
        for (var row = 0; row < cohort.Count; row++)
        {
            var own = parts.AsSpan(row * Presence.Length, Presence.Length);
            for (var m = 0; m < own.Length; m++)
                own[m] = (float)Presence[m];
            for (var column = 0; column < Values.Width; column++)
                own[Values.Modalities[column]] += (float)(
                    Slopes[column] * values[row * Values.Width + column]
                );
        }
        return parts;
    }

    /// <summary>The offset of a row of which the modalities of a pattern are shown.</summary>
    /// <param name="parts">Of all rows.</param>
    /// <param name="row">Its position.</param>
    /// <param name="pattern">The modalities shown, among those that the row has.</param>
    internal double Of(float[] parts, int row, int pattern)
    {
        var offset = Constant;
        for (var m = 0; m < Presence.Length; m++)
            if ((pattern >> m & 1) == 1)
                offset += parts[row * Presence.Length + m];
        return Math.Clamp(offset, -Limit, Limit);
    }

    /// <summary>The offsets of all rows, [n].</summary>
    internal double[] Of(Cohort cohort)
    {
        var parts = Parts(cohort);
        return [.. Enumerable.Range(0, cohort.Count).Select(row => Of(parts, row, cohort.Pattern(row)))];
    }

    /// <summary>
    /// What the values let expect of what presences tell: the sum of b p over the modalities, of every row, [n]. It goes with the
    /// presences where these depend on the values as in training.
    /// </summary>
    internal float[] Expected(Cohort cohort)
    {
        var values = Values.Of(cohort);
        var expected = new float[cohort.Count];
        for (var row = 0; row < expected.Length; row++)
        {
            var sum = -Constant;
            for (var column = 0; column < Values.Width; column++)
                sum -= Slopes[column] * values[row * Values.Width + column];
            expected[row] = (float)sum;
        }
        return expected;
    }

    /// <summary>What a pattern alone tells of the outcome, and of severity.</summary>
    internal (double Outcome, double Severity) Axes(int pattern)
    {
        var (outcome, severity) = (0.0, 0.0);
        for (var m = 0; m < Presence.Length; m++)
            if ((pattern >> m & 1) == 1)
                (outcome, severity) = (outcome + Presence[m], severity + Severity[m]);
        return (outcome, severity);
    }

    /// <summary>The weight of a row with an offset.</summary>
    internal double Weight(double offset, bool positive) => Weight(Prevalence, offset, positive);

    /// <summary>P(y) / P(y | offset), clipped.</summary>
    internal static double Weight(double prevalence, double offset, bool positive)
    {
        var odds = prevalence / (1 - prevalence) * Math.Exp(offset);
        var rate = odds / (1 + odds);
        return Math.Min(Math.Exp(Limit), positive ? prevalence / rate : (1 - prevalence) / (1 - rate));
    }

    /// <summary>The weights of all rows, [n].</summary>
    internal float[] Weights(Cohort cohort) =>
        [.. Of(cohort).Select((offset, row) => (float)Weight(offset, cohort.Labels[row] > 0))];
}
