using CausalDebiasing.Cohorts;
using MathNet.Numerics.Statistics;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Why a score should be spurious: it relates to the outcome otherwise from site to site. A score of two clusters, a
/// practice that is there or not, needs less of that, and where sites are unknown nothing else.
/// </summary>
/// <param name="Instability">Over the sites.</param>
/// <param name="Bimodality">See <see cref="ScoreBimodality"/>.</param>
/// <param name="Candidates">Scores among which this one was chosen by its instability.</param>
internal sealed record SpuriousEvidence(SiteInstability Instability, double Bimodality, int Candidates)
{
    /// <summary>
    /// Least share of within-class variance between a score's halves that counts as two clusters where sites are
    /// unknown; normal scores have 0.64.
    /// </summary>
    internal const double LeastBimodality = 0.8;

    /// <summary>The same where sites are known; recorded values have scores up to 0.8.</summary>
    private const double ClusterBimodality = 0.85;

    /// <summary>Level of the p-value of two clusters.</summary>
    private const double ClusterLevel = 0.05;

    /// <summary>Whether sites can be compared.</summary>
    internal bool HasSites => Instability.DegreesOfFreedom > 0;

    /// <summary>Bonferroni-adjusted for the choice among candidates.</summary>
    internal double PValue => Math.Min(1, Instability.PValue * Candidates);

    /// <summary>Whether it suffices, at a level for scores of any shape.</summary>
    internal bool Suffices(double level) =>
        HasSites ? PValue < level || IsUnstableCluster : Bimodality > LeastBimodality;

    private bool IsUnstableCluster => PValue < ClusterLevel && Bimodality > ClusterBimodality;

    /// <summary>
    /// Position and evidence of the score that is most likely spurious: the most unstable of all, if that suffices; else
    /// among those of two clusters the one on which they agree most (told by shape alone, so there is one test).
    /// </summary>
    /// <param name="rows">The training rows.</param>
    /// <param name="scores">At least one; per score one number per row.</param>
    /// <param name="level">That suffices.</param>
    internal static (int Position, SpuriousEvidence Evidence) Strongest(
        Cohort rows,
        IReadOnlyList<float[]> scores,
        double level
    )
    {
        var residuals = ScoreResidual.Of(rows, scores);
        var all = scores.Zip(residuals, (score, residual) => Of(rows, score, residual)).ToArray();
        int[] positions = [.. Enumerable.Range(0, all.Length)];
        if (!all[0].HasSites)
            return At(positions.MaxBy(i => all[i].Bimodality), 1);
        var (position, strongest) = At(positions.MaxBy(i => all[i].Instability.Q), all.Length);
        if (strongest.PValue < level)
            return (position, strongest);
        int[] clusters = [.. positions.Where(i => all[i].Bimodality > ClusterBimodality)];
        if (clusters.Length == 0)
            return (position, strongest);
        var agreed = At(clusters.MaxBy(i => clusters.Sum(j => SquaredCorrelation(scores[i], scores[j]))), 1);
        return agreed.Evidence.IsUnstableCluster ? agreed : (position, strongest);

        (int Position, SpuriousEvidence Evidence) At(int position, int candidates) =>
            (position, all[position] with { Candidates = candidates });
    }

    private static SpuriousEvidence Of(Cohort rows, float[] score, float[] residual) =>
        new(SiteInstability.Of(rows, residual), ScoreBimodality.Share(rows, score), 1);

    private static double SquaredCorrelation(float[] a, float[] b)
    {
        var correlation = Correlation.Pearson(
            a.Select(value => (double)value),
            b.Select(value => (double)value)
        );
        return double.IsNaN(correlation) ? 0 : correlation * correlation;
    }
}
