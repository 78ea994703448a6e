using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Weights w(y, r) = P(y) / P(y | r) that make the outcome independent of the missingness pattern: the
/// weighting form of the backdoor adjustment for r. Probabilities are smoothed and weights clipped.
/// </summary>
internal sealed class LabelBalance
{
    /// <summary>Largest weight.</summary>
    internal const double Clip = 20;

    private readonly Dictionary<int, (double Negative, double Positive)> weights = [];

    /// <summary>Estimates the weights, counting patterns over several passes of random modality dropping.</summary>
    internal LabelBalance(Cohort train, double drop, Seed seed)
    {
        var passes = drop > 0 ? 20 : 1;
        var counts = new Dictionary<int, (double Negative, double Positive)>();
        var random = new Random(seed.Derive("balance").ToInt32());
        for (var pass = 0; pass < passes; pass++)
        for (var row = 0; row < train.Count; row++)
        {
            var pattern = ModalityDrop.Thin(train.Pattern(row), train.Modalities.Count, drop, random);
            var (negative, positive) = counts.GetValueOrDefault(pattern);
            counts[pattern] = train.Labels[row] > 0 ? (negative, positive + 1) : (negative + 1, positive);
        }
        var prevalence = train.Prevalence;
        foreach (var (pattern, (negative, positive)) in counts)
        {
            var rate = (positive + 2 * prevalence) / (positive + negative + 2);
            weights[pattern] = (
                Math.Min(Clip, (1 - prevalence) / (1 - rate)),
                Math.Min(Clip, prevalence / rate)
            );
        }
    }

    /// <summary>The weight of a row; 1 for a pattern that training never showed.</summary>
    internal double this[int pattern, bool positive] =>
        !weights.TryGetValue(pattern, out var pair) ? 1
        : positive ? pair.Positive
        : pair.Negative;
}
