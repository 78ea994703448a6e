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

    internal ScoreOffset(Cohort train, float[] score)
    {
        float[] sorted = [.. score.Order()];
        edges = [.. Enumerable.Range(1, Bins - 1).Select(b => sorted[b * sorted.Length / Bins])];
        var sites = train.SiteNames.Count;
        var positive = new double[sites, Bins];
        var count = new double[sites, Bins];
        for (var row = 0; row < train.Count; row++)
        {
            var bin = Bin(score[row]);
            positive[train.Sites[row], bin] += train.Labels[row];
            count[train.Sites[row], bin]++;
        }
        offsets = new double[sites, Bins];
        for (var e = 0; e < sites; e++)
        {
            var total = Enumerable.Range(0, Bins).Sum(b => count[e, b]);
            var rate =
                (Enumerable.Range(0, Bins).Sum(b => positive[e, b]) + 2 * train.Prevalence) / (total + 2);
            for (var b = 0; b < Bins; b++)
                offsets[e, b] =
                    SpecialFunctions.Logit((positive[e, b] + Prior * rate) / (count[e, b] + Prior))
                    - SpecialFunctions.Logit(rate);
        }
    }

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
