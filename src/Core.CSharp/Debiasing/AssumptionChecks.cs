using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Debiasing;

/// <summary>Which assumptions of the add-on look broken on the training rows.</summary>
internal static class AssumptionChecks
{
    private const int FewRows = 20;
    private const double LargestRareShare = 0.2;
    private const int FewestEvents = 50;
    private const double LeastEffectiveShare = 0.2;

    /// <param name="train">The training rows.</param>
    /// <param name="options">What was asked for.</param>
    /// <param name="isNetwork">Whether the predictor is a neural network.</param>
    /// <param name="report">What the fit found.</param>
    internal static IEnumerable<FitWarning> Of(
        Cohort train,
        DebiasOptions options,
        bool isNetwork,
        FitReport report
    )
    {
        if (options.Branch != BranchMethod.None && !isNetwork)
            yield return new(
                FitWarningCode.BranchLeftOut,
                $"{nameof(DebiasOptions.Branch)} {options.Branch} acts on a neural network and was left out: of these options only the adjustment is applied."
            );
        var events = train.Labels.ToArray().Count(label => label > 0);
        if (Math.Min(events, train.Count - events) < FewestEvents)
            yield return new(
                FitWarningCode.FewEvents,
                $"The rarer outcome has fewer than {FewestEvents} rows: what patterns and scores tell of it is mostly noise; use more rows."
            );
        if (options.Weighting != RowWeighting.None && RareShare(train) > LargestRareShare)
            yield return new(
                FitWarningCode.RarePatterns,
                $"More than {LargestRareShare:p0} of the rows have a missingness pattern that fewer than {FewRows} share (positivity): merge modalities that are measured together."
            );
        if (report.EffectiveShare < LeastEffectiveShare)
            yield return new(
                FitWarningCode.SmallEffectiveSample,
                $"The weights leave less than {LeastEffectiveShare:p0} of the rows' information: prefer {nameof(RowWeighting.LogitAdjustment)}."
            );
        if (report.PatternCost is { IsBorne: false } cost)
            yield return new(
                FitWarningCode.PatternsCostly,
                FormattableString.Invariant(
                    $"Knowing what missingness patterns tell, the outcomes of validation rows are predicted worse ({cost.Fit:f2} standard errors): it is not what it was taken for; compare with {nameof(RowWeighting)}.{nameof(RowWeighting.None)}."
                )
            );
        if (options.Practice != PracticeUse.Forced && report.Practice is { } practice)
            foreach (var warning in Of(practice, options.Practice))
                yield return warning;
    }

    private static IEnumerable<FitWarning> Of(PracticeReport practice, PracticeUse use)
    {
        if (practice.Count > 0 && use == PracticeUse.Assumed && !practice.ComparedSites)
            yield return new(
                FitWarningCode.PracticeAssumed,
                $"Sites cannot be compared, so that hidden practice was assumed to be spurious and its {practice.Evidence[0].Kinds} kinds are offset: check that they are no cause, or give the labels of at least two sites."
            );
        if (practice.Count > 0 && use == PracticeUse.WhereEvident)
            yield return new(
                FitWarningCode.PracticeTakenOut,
                $"Hidden practice of {practice.Evidence[0].Kinds} kinds was found, and what it tells of the outcome is taken out. Where the kinds are diseases with effects that differ by site, and no practice, predictions lose by that: compare with {nameof(DebiasOptions.Practice)} = {nameof(PracticeUse.None)} at sites left out."
            );
        if (practice is { IsLeftInForCost: true, Cost: { } cost })
            yield return new(
                FitWarningCode.PracticeCostly,
                FormattableString.Invariant(
                    $"Hidden practice was found and left in, since with it the outcomes of validation rows are predicted worse ({cost.Fit:f2} standard errors): it is not what it was taken for."
                )
            );
        if (practice.Evidence.Any(evidence => evidence.IsCutShort))
            yield return new(
                FitWarningCode.PracticeSearchCutShort,
                "The time was up before the search for hidden practice was done, and what it might have found stays in: give a larger time budget."
            );
        else if (practice.Doubted is { } doubted)
            yield return PracticeReport.ComparesSites(doubted)
                ? new(
                    FitWarningCode.PracticeDoubted,
                    $"Kinds of patients were found that may be hidden practice, and left in: {doubted.Doubt}."
                )
                : new(
                    FitWarningCode.PracticeWithoutSites,
                    "Kinds of patients were found that no column records. Whether they are practice cannot be told without sites: give the labels of at least two, or ask for PracticeUse.Assumed."
                );
    }

    private static double RareShare(Cohort train)
    {
        var counts = Enumerable.Range(0, train.Count).CountBy(train.Pattern).Select(pair => pair.Value);
        return counts.Where(count => count < FewRows).Sum() / (double)train.Count;
    }
}
