using CausalDebiasing.Cohorts;
using MathNet.Numerics.Distributions;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Cochran's Q over sites of a score's contrast between the outcome classes, mean(s | y = 1, e) - mean(s | y = 0, e).
/// A confounder that relates to the outcome differently from site to site moves the contrast. A cause does not, and
/// neither does case mix, which shifts both classes of a site alike.
/// </summary>
/// <param name="Q">Inverse-variance weighted sum of squared deviations of the sites' contrasts.</param>
/// <param name="DegreesOfFreedom">Sites with enough rows minus one; 0 when it cannot be judged.</param>
internal sealed record SiteInstability(double Q, int DegreesOfFreedom)
{
    private const int FewestRows = 5;

    /// <summary>
    /// Rows that the variance over all groups counts for in each: what is constant at a small site would else be known
    /// without error there.
    /// </summary>
    private const double PriorRows = 10;

    /// <summary>P-value of Q under equal contrasts; 1 when fewer than two sites have enough rows of both classes.</summary>
    internal double PValue => DegreesOfFreedom == 0 ? 1 : 1 - ChiSquared.CDF(DegreesOfFreedom, Q);

    /// <summary>The heterogeneity of a score over the sites of its rows.</summary>
    internal static SiteInstability Of(Cohort train, ReadOnlySpan<float> score)
    {
        var groups = new Dictionary<(int Site, float Label), List<double>>();
        for (var row = 0; row < train.Count; row++)
        {
            var key = (train.Sites[row], train.Labels[row]);
            if (!groups.TryGetValue(key, out var members))
                groups[key] = members = [];
            members.Add(score[row]);
        }
        var pooled = PooledVariance(groups);
        var contrasts = groups
            .Where(pair => pair.Value.Count >= FewestRows)
            .GroupBy(pair => pair.Key.Site, pair => (pair.Key.Label, Moments: Moments(pair.Value, pooled)))
            .Where(site => site.Count() == 2)
            .Select(site =>
                Contrast([.. site.OrderBy(member => member.Label).Select(member => member.Moments)])
            )
            .ToArray();
        if (contrasts.Length < 2)
            return new(0, 0);
        var weight = contrasts.Sum(contrast => 1 / contrast.Variance);
        var mean = contrasts.Sum(contrast => contrast.Mean / contrast.Variance) / weight;
        var q = contrasts.Sum(contrast =>
            (contrast.Mean - mean) * (contrast.Mean - mean) / contrast.Variance
        );
        return new(q, contrasts.Length - 1);
    }

    private static (double Mean, double Variance) Contrast((double Mean, double Variance)[] classes) =>
        (classes[1].Mean - classes[0].Mean, classes[0].Variance + classes[1].Variance);

    private static (double Mean, double Variance) Moments(List<double> members, double pooled)
    {
        var variance = (Squares(members) + PriorRows * pooled) / (members.Count - 1 + PriorRows);
        return (members.Average(), Math.Max(variance, 1e-12) / members.Count);
    }

    private static double PooledVariance(Dictionary<(int Site, float Label), List<double>> groups) =>
        groups.Values.Sum(Squares) / Math.Max(1, groups.Values.Sum(members => members.Count - 1));

    private static double Squares(List<double> members)
    {
        var mean = members.Average();
        return members.Sum(value => (value - mean) * (value - mean));
    }
}
