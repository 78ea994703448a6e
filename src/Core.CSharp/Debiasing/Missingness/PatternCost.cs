using CausalDebiasing.Cohorts;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>What taking out what missingness patterns tell costs, by logistic regressions on the values.</summary>
internal static class PatternCost
{
    /// <param name="train">Training rows.</param>
    /// <param name="validation">Validation rows.</param>
    /// <param name="recorded">What the recorded patterns tell.</param>
    internal static PartCost Of(Cohort train, Cohort validation, PatternOffset recorded)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var sites = ComparedSites.Of(train, validation);
        CostRows Rows(Cohort cohort) =>
            new(
                tensor(recorded.Values.Of(cohort), [cohort.Count, recorded.Values.Width])
                    .to(ScalarType.Float64),
                [.. cohort.Labels.ToArray().Select(label => (int)label)],
                sites.Of(cohort)
            );
        return PartCost.Of(
            Rows(train),
            recorded.Of(train),
            Rows(validation),
            recorded.Of(validation),
            sites.Count,
            tellsSites: false
        );
    }
}
