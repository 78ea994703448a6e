using CausalDebiasing.Cohorts;

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
    private const double ClusterLevel = 0.01;

    /// <summary>Whether sites can be compared.</summary>
    internal bool HasSites => Instability.DegreesOfFreedom > 0;

    /// <summary>Bonferroni-adjusted for the choice among candidates.</summary>
    internal double PValue => Math.Min(1, Instability.PValue * Candidates);

    /// <summary>Whether it suffices, at a level for scores of any shape.</summary>
    internal bool Suffices(double level) =>
        HasSites ? PValue < level || IsUnstableCluster : Bimodality > LeastBimodality;

    private bool IsUnstableCluster => PValue < ClusterLevel && Bimodality > ClusterBimodality;

    /// <summary>
    /// Position and evidence of the score that is most likely spurious: among those of two clusters, which are few and told
    /// by their shape alone, if that suffices; else among all.
    /// </summary>
    /// <param name="rows">The training rows.</param>
    /// <param name="scores">At least one; per score one number per row.</param>
    internal static (int Position, SpuriousEvidence Evidence) Strongest(
        Cohort rows,
        IReadOnlyList<float[]> scores
    )
    {
        var all = scores
            .Select(
                (score, position) =>
                    (
                        position,
                        new SpuriousEvidence(
                            SiteInstability.Of(rows, score),
                            ScoreBimodality.Share(rows, score),
                            1
                        )
                    )
            )
            .ToArray();
        if (!all[0].Item2.HasSites)
            return all.MaxBy(pair => pair.Item2.Bimodality);
        var cluster = MostUnstable([.. all.Where(pair => pair.Item2.Bimodality > ClusterBimodality)]);
        return cluster is { Item2.IsUnstableCluster: true } ? cluster : MostUnstable(all);
    }

    private static (int, SpuriousEvidence) MostUnstable((int, SpuriousEvidence)[] among)
    {
        if (among.Length == 0)
            return (0, new(new(0, 0), 0, 1));
        var (position, evidence) = among.MaxBy(pair => pair.Item2.Instability.Q);
        return (position, evidence with { Candidates = among.Length });
    }
}
