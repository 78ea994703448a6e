using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// How much of a score's variance within the outcome classes lies between its two halves. A mixture of causes is
/// near normal (2 / pi = 0.64), a practice that is there or not leaves two clusters. The evidence where sites are unknown.
/// </summary>
internal static class ScoreBimodality
{
    private const int Steps = 20;

    /// <summary>Pooled share over the outcome classes, in [0, 1].</summary>
    internal static double Share(Cohort train, float[] score)
    {
        var (between, total) = (0.0, 0.0);
        foreach (var label in new[] { 0f, 1f })
        {
            double[] members =
            [
                .. Enumerable
                    .Range(0, train.Count)
                    .Where(row => train.Labels[row] == label)
                    .Select(row => (double)score[row]),
            ];
            if (members.Length < 2)
                continue;
            var mean = members.Average();
            total += members.Sum(s => (s - mean) * (s - mean));
            between += Between(members, mean);
        }
        return total > 0 ? between / total : 0;
    }

    private static double Between(double[] members, double mean)
    {
        var (low, high) = (members.Min(), members.Max());
        for (var i = 0; i < Steps; i++)
        {
            var threshold = (low + high) / 2;
            var below = members.Where(s => s <= threshold).ToArray();
            var above = members.Where(s => s > threshold).ToArray();
            if (below.Length == 0 || above.Length == 0)
                return 0;
            (low, high) = (below.Average(), above.Average());
        }
        var cut = (low + high) / 2;
        var few = members.Count(s => s <= cut);
        return few * (low - mean) * (low - mean) + (members.Length - few) * (high - mean) * (high - mean);
    }
}
