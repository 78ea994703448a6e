using CausalDebiasing.Cohorts;
using MathNet.Numerics.Distributions;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Cochran's Q of a score's site means within each outcome class: large when the score relates to the outcome
/// differently from site to site, as a confounder does and a cause does not.
/// </summary>
/// <param name="Q">Weighted sum of squared deviations of the site means.</param>
/// <param name="DegreesOfFreedom">Sites minus one, summed over classes; 0 when it cannot be judged.</param>
internal sealed record SiteInstability(double Q, int DegreesOfFreedom)
{
    private const int FewestRows = 5;

    /// <summary>P-value of Q under equal means; 1 when there is one site only.</summary>
    internal double PValue => DegreesOfFreedom == 0 ? 1 : 1 - ChiSquared.CDF(DegreesOfFreedom, Q);

    /// <summary>The heterogeneity of a standardised score over the sites of its rows.</summary>
    internal static SiteInstability Of(Cohort train, ReadOnlySpan<float> score)
    {
        var groups = new Dictionary<(float Label, int Site), List<double>>();
        for (var row = 0; row < train.Count; row++)
        {
            var key = (train.Labels[row], train.Sites[row]);
            if (!groups.TryGetValue(key, out var members))
                groups[key] = members = [];
            members.Add(score[row]);
        }
        var (q, freedom) = (0.0, 0);
        foreach (var stratum in groups.GroupBy(pair => pair.Key.Label, pair => pair.Value))
        {
            var sites = stratum.Where(members => members.Count >= FewestRows).Select(Moments).ToArray();
            if (sites.Length < 2)
                continue;
            var weight = sites.Sum(site => 1 / site.Variance);
            var mean = sites.Sum(site => site.Mean / site.Variance) / weight;
            q += sites.Sum(site => (site.Mean - mean) * (site.Mean - mean) / site.Variance);
            freedom += sites.Length - 1;
        }
        return new(q, freedom);
    }

    private static (double Mean, double Variance) Moments(List<double> members)
    {
        var mean = members.Average();
        var variance = members.Sum(value => (value - mean) * (value - mean)) / (members.Count - 1);
        return (mean, Math.Max(variance, 1e-12) / members.Count);
    }
}
