using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Debiasing;

/// <summary>Why a score should be spurious: it relates to the outcome otherwise from site to site, or is a practice that is there or not.</summary>
/// <param name="Instability">Over the sites.</param>
/// <param name="Bimodality">See <see cref="ScoreBimodality"/>.</param>
/// <param name="Candidates">Scores among which this one was chosen.</param>
internal sealed record SpuriousEvidence(SiteInstability Instability, double Bimodality, int Candidates)
{
    /// <summary>
    /// Least share of within-class variance between a score's halves that counts as two clusters where sites are
    /// unknown; normal scores have 0.64.
    /// </summary>
    internal const double LeastBimodality = 0.8;

    /// <summary>The evidence for one of several candidate scores.</summary>
    internal static SpuriousEvidence Of(Cohort rows, float[] score, int candidates) =>
        new(SiteInstability.Of(rows, score), ScoreBimodality.Share(rows, score), candidates);

    /// <summary>Whether sites can be compared.</summary>
    internal bool HasSites => Instability.DegreesOfFreedom > 0;

    /// <summary>Bonferroni-adjusted for the choice among candidates.</summary>
    internal double PValue => Math.Min(1, Instability.PValue * Candidates);

    /// <summary>For the choice: larger is more.</summary>
    internal double Strength => HasSites ? Instability.Q : Bimodality;

    /// <summary>Whether it suffices at a level.</summary>
    internal bool Suffices(double level) => HasSites ? PValue < level : Bimodality > LeastBimodality;
}
