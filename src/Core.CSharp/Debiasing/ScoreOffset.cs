using CausalDebiasing.Cohorts;
using MathNet.Numerics;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// What a confounder score tells of the outcome at each site, as an offset of the logit:
/// log P(y = 1 | s, e) / P(y = 0 | s, e), less the same without s. Given the confounder's part as an offset, the
/// network has nothing to gain from the confounder's imprint (additive because it is independent of the causes given y).
/// </summary>
internal sealed class ScoreOffset
{
    private const int Bins = 10;
    private const double Prior = 4;

    private readonly float[] edges;
    private readonly double[,] offsets;

    /// <param name="train">The training rows.</param>
    /// <param name="score">One per row.</param>
    /// <param name="given">
    /// What other scores tell, one per row, or null: this one's offset is what it tells beside them, so that two scores of
    /// one confounder do not count twice.
    /// </param>
    internal ScoreOffset(Cohort train, float[] score, float[]? given = null)
    {
        float[] sorted = [.. score.Order()];
        edges = [.. Enumerable.Range(1, Bins - 1).Select(b => sorted[b * sorted.Length / Bins])];
        var sites = train.SiteNames.Count;
        var positive = new double[sites, Bins];
        var count = new double[sites, Bins];
        var expected = new double[sites, Bins];
        for (var row = 0; row < train.Count; row++)
        {
            var bin = Bin(score[row]);
            positive[train.Sites[row], bin] += train.Labels[row];
            count[train.Sites[row], bin]++;
        }
        double[] rates =
        [
            .. Enumerable
                .Range(0, sites)
                .Select(e => (Total(positive, e) + 2 * train.Prevalence) / (Total(count, e) + 2)),
        ];
        if (given is not null)
            for (var row = 0; row < train.Count; row++)
                expected[train.Sites[row], Bin(score[row])] += SpecialFunctions.Logistic(
                    SpecialFunctions.Logit(rates[train.Sites[row]]) + given[row]
                );
        offsets = new double[sites, Bins];
        for (var e = 0; e < sites; e++)
        for (var b = 0; b < Bins; b++)
        {
            var rate = given is null || count[e, b] == 0 ? rates[e] : expected[e, b] / count[e, b];
            offsets[e, b] =
                SpecialFunctions.Logit((positive[e, b] + Prior * rate) / (count[e, b] + Prior))
                - SpecialFunctions.Logit(rate);
        }
    }

    private static double Total(double[,] sums, int site) =>
        Enumerable.Range(0, Bins).Sum(b => sums[site, b]);

    /// <summary>The offset of every row, [n]; sites as in training.</summary>
    internal float[] Of(Cohort cohort, float[] score) =>
        [
            .. Enumerable
                .Range(0, cohort.Count)
                .Select(row => (float)offsets[cohort.Sites[row], Bin(score[row])]),
        ];

    /// <summary>The same as weights P(y | e) / P(y | s, e) of the rows, clipped as those of the pattern.</summary>
    internal static float[] Weights(Cohort train, float[] offsets)
    {
        var prevalence = train.Prevalence;
        return
        [
            .. offsets.Select(
                (offset, row) => (float)PatternOffset.Weight(prevalence, offset, train.Labels[row] > 0)
            ),
        ];
    }

    private int Bin(float score)
    {
        var at = Array.BinarySearch(edges, score);
        return at < 0 ? ~at : at;
    }
}
