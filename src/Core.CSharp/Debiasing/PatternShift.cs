using CausalDebiasing.Cohorts;
using MathNet.Numerics.Distributions;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Whether risk and missingness pattern relate among deployment patients as they did in training. Needs no outcomes of
/// theirs: the slope of the pattern's log odds on the interventional risk is compared with the one that training expects.
/// Where missingness no longer depends on the outcome or on what goes with it, the slope is near zero.
/// </summary>
/// <param name="Ratio">Slope among these patients over the expected slope; NaN where training expects none.</param>
/// <param name="StandardError">Of the ratio, by the sampling error of both slopes; NaN where it cannot be judged.</param>
public sealed record PatternShift(double Ratio, double StandardError)
{
    /// <summary>One-sided p-value of "at most half of the expected relation is there"; 1 where it cannot be judged.</summary>
    public double PValue =>
        double.IsNaN(StandardError) ? 1 : 1 - Normal.CDF(0, 1, (Ratio - LeastRatio) / StandardError);

    /// <summary>Whether the patients confirm the training relation at the level 0.05.</summary>
    public bool IsConfirmed => PValue < Level;

    private const double Level = 0.05;
    private const double LeastRatio = 0.5;

    /// <summary>In standard errors, below which training expects nothing.</summary>
    private const double LeastZ = 3;

    private static readonly PatternShift Unknown = new(double.NaN, double.NaN);

    /// <summary>The comparison with the slope that training expects.</summary>
    internal static PatternShift Of(
        PatternSlope expected,
        Cohort deployment,
        float[] probability,
        LabelBalance balance
    )
    {
        if (!(expected.Value > LeastZ * expected.StandardError))
            return Unknown;
        var found = PatternSlope.Of(probability, Odds(deployment, balance));
        if (double.IsNaN(found.StandardError))
            return Unknown;
        var ratio = found.Value / expected.Value;
        var error = Math.Sqrt(Math.Pow(found.StandardError, 2) + Math.Pow(ratio * expected.StandardError, 2));
        return new(ratio, error / expected.Value);
    }

    /// <summary>
    /// Where r is independent of the risk given y, the slope on the risk is what y adds to the log odds (of the training
    /// rows) times the slope of y on the risk (of the validation rows, since a network is too sure of its training rows).
    /// </summary>
    internal static PatternSlope Expected(
        Cohort train,
        Cohort validation,
        float[] validationProbability,
        LabelBalance balance
    )
    {
        var pattern = PatternSlope.Of(train.Labels, Odds(train, balance));
        var risk = PatternSlope.Of(
            validationProbability,
            [.. validation.Labels.ToArray().Select(y => (double)y)]
        );
        return pattern.Value > LeastZ * pattern.StandardError && risk.Value > LeastZ * risk.StandardError
            ? new(pattern.Value * risk.Value, pattern.Value * risk.StandardError)
            : default;
    }

    private static double[] Odds(Cohort cohort, LabelBalance balance) =>
        [.. Enumerable.Range(0, cohort.Count).Select(row => balance.LogOdds(cohort.Pattern(row)))];
}
