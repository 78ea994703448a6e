using CausalDebiasing.Cohorts;
using MathNet.Numerics.Distributions;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Whether risk and missingness pattern relate among deployment patients as they did in training. Needs no outcomes:
/// the slope of the interventional prediction on the pattern's log odds is compared with the training slope. Where
/// missingness no longer depends on the outcome or on what goes with it, the slope is near zero.
/// </summary>
/// <param name="Ratio">Slope among these patients over the slope in training; NaN where training shows no slope.</param>
/// <param name="StandardError">Of the ratio, by the patients' sampling error.</param>
public sealed record PatternShift(double Ratio, double StandardError)
{
    /// <summary>One-sided p-value of "at least 85 % of the training relation is there"; 1 where it cannot be judged.</summary>
    public double PValue => double.IsNaN(Ratio) ? 1 : Normal.CDF(0, 1, (Ratio - LeastRatio) / StandardError);

    /// <summary>Whether the patients contradict the training relation at the level 0.001.</summary>
    public bool IsContradicted => PValue < Level;

    private const double Level = 1e-3;

    /// <summary>
    /// The network keeps some of the pattern in its interventional risk, so that without any relation among the patients
    /// ratios up to 0.6 are seen; where the mechanism is that of training they are near 1.
    /// </summary>
    private const double LeastRatio = 0.85;
    private const double LeastSlopeZ = 3;

    /// <summary>The comparison with the slope in training.</summary>
    internal static PatternShift Of(
        (double Slope, double StandardError) training,
        Cohort deployment,
        float[] probability,
        LabelBalance balance
    )
    {
        if (!(training.Slope > LeastSlopeZ * training.StandardError))
            return new(double.NaN, double.NaN);
        var (slope, error) = Slope(deployment, probability, balance);
        return double.IsFinite(error)
            ? new(slope / training.Slope, error / training.Slope)
            : new(double.NaN, double.NaN);
    }

    /// <summary>Least-squares slope of the predictions on the patterns' log odds, and its standard error.</summary>
    internal static (double Slope, double StandardError) Slope(
        Cohort cohort,
        float[] probability,
        LabelBalance balance
    )
    {
        double[] odds =
        [
            .. Enumerable.Range(0, cohort.Count).Select(row => balance.LogOdds(cohort.Pattern(row))),
        ];
        if (odds.Length < 3)
            return (0, double.NaN);
        var (meanOdds, mean) = (odds.Average(), probability.Average(p => (double)p));
        var (cross, squares) = (0.0, 0.0);
        for (var i = 0; i < odds.Length; i++)
        {
            cross += (odds[i] - meanOdds) * (probability[i] - mean);
            squares += (odds[i] - meanOdds) * (odds[i] - meanOdds);
        }
        if (squares < 1e-9)
            return (0, double.NaN);
        var slope = cross / squares;
        var residual = odds.Select((o, i) => Math.Pow(probability[i] - mean - slope * (o - meanOdds), 2))
            .Sum();
        return (slope, Math.Sqrt(residual / (odds.Length - 2) / squares));
    }
}
