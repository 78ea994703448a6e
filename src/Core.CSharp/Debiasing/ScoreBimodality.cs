using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// How much of a score's variance within the outcome classes of each site lies between its two halves. A mixture of
/// causes is near normal (2 / pi = 0.64), a practice that is there or not leaves two clusters. The halves are those of
/// the class over all sites, so that a score that merely tells sites apart has little left to show within them.
/// </summary>
internal static class ScoreBimodality
{
    /// <summary>Pooled share over outcome classes and sites, in [0, 1].</summary>
    internal static double Share(Cohort train, float[] score)
    {
        var (between, total) = (0.0, 0.0);
        foreach (var members in Enumerable.Range(0, train.Count).GroupBy(row => train.Labels[row]))
        {
            var threshold = TwoMeans.Threshold([.. members.Select(row => (double)score[row])]);
            foreach (var site in members.GroupBy(row => train.Sites[row], row => (double)score[row]))
            {
                var mean = site.Average();
                total += site.Sum(s => (s - mean) * (s - mean));
                between += site.GroupBy(s => s > threshold)
                    .Sum(half => half.Count() * (half.Average() - mean) * (half.Average() - mean));
            }
        }
        return total > 0 ? between / total : 0;
    }
}
