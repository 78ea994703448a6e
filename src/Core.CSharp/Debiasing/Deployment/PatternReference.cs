using System.Text.Json.Serialization;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Numerics;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// What a deployment is compared with: how validation patients, whose patterns came about as those of training, relate risk
/// and pattern. Needs no outcomes.
/// </summary>
internal sealed record PatternReference
{
    /// <summary>Share of the variance of what patterns tell below which nearly the same is measured of all patients.</summary>
    private const double MostAlike = 0.1;

    /// <summary>How they do.</summary>
    [JsonInclude]
    internal PatternRelation Relation { get; private init; } = new();

    /// <summary>Of the slope beside severity.</summary>
    [JsonInclude]
    internal double StandardError { get; private init; }

    /// <summary>Of validation patients.</summary>
    /// <param name="validation">The patients.</param>
    /// <param name="recorded">Their interventional predictions, [n].</param>
    /// <param name="risk">Gives those of the same patients with fewer modalities, [n] for n rows.</param>
    /// <param name="offset">Of the training rows.</param>
    internal static PatternReference Of(
        Cohort validation,
        float[] recorded,
        Func<Cohort, float[]> risk,
        PatternOffset offset
    )
    {
        var (all, without) = SamePatients.Relations(validation, recorded, risk);
        return new()
        {
            Relation = all,
            StandardError = Jackknife.StandardError([.. without.Select(own => own.Slopes(offset).Beside)]),
        };
    }

    /// <summary>What a deployment that measures as training did is expected to show.</summary>
    /// <param name="deployment">Its patients.</param>
    /// <param name="offset">Of the training rows.</param>
    internal PatternExpectation For(Cohort deployment, PatternOffset offset)
    {
        var patterns = new PatternSums(deployment.Modalities.Count);
        for (var row = 0; row < deployment.Count; row++)
            patterns.Add(deployment.Pattern(row), 0);
        var here = patterns.Moments;
        var shares = Relation.Shares(here.Variances);
        return new(
            Relation.Slopes(offset, shares),
            Relation.SlopesByModality(offset, shares),
            StandardError * Relation.Scale(offset, shares)
        )
        {
            IsMeasuredAlike =
                here.VarianceOf(offset.Presence) < MostAlike * Relation.Between.VarianceOf(offset.Presence),
        };
    }
}
