using System.Globalization;
using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Debiasing;

/// <summary>Which assumptions of the add-on look broken on the training rows, as sentences for its user.</summary>
internal static class AssumptionChecks
{
    private const int FewRows = 20;
    private const double LargestRareShare = 0.2;
    private const int FewestEvents = 50;
    private const double LeastEffectiveShare = 0.2;

    internal static IEnumerable<string> Of(
        Cohort train,
        DebiasOptions options,
        IReadOnlyDictionary<string, string> diagnostics
    )
    {
        var events = train.Labels.ToArray().Count(label => label > 0);
        if (Math.Min(events, train.Count - events) < FewestEvents)
            yield return $"The rarer outcome has fewer than {FewestEvents} rows: what patterns and scores tell of it is mostly noise; use more rows.";
        if (options.Weighting != RowWeighting.None && RareShare(train) > LargestRareShare)
            yield return $"More than {LargestRareShare:p0} of the rows have a missingness pattern that fewer than {FewRows} share (positivity): merge modalities that are measured together.";
        if (
            diagnostics.TryGetValue("weights.ess", out var share)
            && double.Parse(share, CultureInfo.InvariantCulture) < LeastEffectiveShare
        )
            yield return $"The weights leave less than {LeastEffectiveShare:p0} of the rows' information: prefer {nameof(RowWeighting.LogitAdjustment)}.";
        if (options.Erasure != ConfounderErasure.Gated)
            yield break;
        var isOpen = diagnostics.Any(pair =>
            pair.Key.EndsWith(".open", StringComparison.Ordinal) && pair.Value == "true"
        );
        var hasSites = diagnostics.Any(pair =>
            pair.Key.EndsWith(".df", StringComparison.Ordinal) && pair.Value != "0"
        );
        if (!hasSites && isOpen)
            yield return $"Sites cannot be compared, so two clusters in a score stood in as evidence of a confounder: check that what was erased ({diagnostics["erased.modalities"]}) is practice and not a cause, or give site labels.";
        if (!hasSites && !isOpen)
            yield return "Sites cannot be compared, so a confounder that leaves no clusters could not be told from a cause: give the labels of at least two sites.";
        if (diagnostics.ContainsKey("offset.scores"))
            yield return "An imprint was left that no linear erasure reaches; it is offset, which needs the outcome's causes and the confounder to be independent given the outcome.";
    }

    private static double RareShare(Cohort train)
    {
        var counts = Enumerable.Range(0, train.Count).CountBy(train.Pattern).Select(pair => pair.Value);
        return counts.Where(count => count < FewRows).Sum() / (double)train.Count;
    }
}
