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
        bool isNetwork,
        IReadOnlyDictionary<string, string> diagnostics
    )
    {
        if (options.Branch != BranchMethod.None && !isNetwork)
            yield return $"{nameof(DebiasOptions.Branch)} {options.Branch} acts on a neural network and was left out: of these options only the adjustment is applied.";
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
        if (options.Practice is not (PracticeUse.WhereEvident or PracticeUse.Assumed))
            yield break;
        var opened = int.Parse(diagnostics["practice.count"], CultureInfo.InvariantCulture);
        if (opened > 0 && options.Practice == PracticeUse.Assumed && diagnostics["practice.1.df"] == "0")
            yield return $"Sites cannot be compared, so that hidden practice was assumed to be spurious and its {diagnostics["practice.1.kinds"]} kinds are offset: check that they are no cause, or give the labels of at least two sites.";
        if (opened == 0 && diagnostics.TryGetValue("practice.cost.fit", out var fit))
            yield return $"Hidden practice was found and left in, since with it the outcomes of validation rows are predicted worse ({fit} standard errors): it is not what it was taken for.";
        if (diagnostics.TryGetValue($"practice.{opened + 1}.doubt", out var doubt))
            yield return diagnostics[$"practice.{opened + 1}.df"] == "0"
                ? "Kinds of patients were found that no column records. Whether they are practice cannot be told without sites: give the labels of at least two, or ask for PracticeUse.Assumed."
                : $"Kinds of patients were found that no column records, and left in: {doubt}.";
    }

    private static double RareShare(Cohort train)
    {
        var counts = Enumerable.Range(0, train.Count).CountBy(train.Pattern).Select(pair => pair.Value);
        return counts.Where(count => count < FewRows).Sum() / (double)train.Count;
    }
}
