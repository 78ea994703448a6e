namespace CausalDebiasing.Debiasing;

/// <summary>What a search for hidden practice found, and what was decided.</summary>
/// <param name="Count">Number of practices that are offset.</param>
/// <param name="Cost">What offsetting costs; null where nothing was found to offset.</param>
/// <param name="Evidence">Of every practice that was looked for, in order.</param>
internal sealed record PracticeReport(int Count, PartCost? Cost, IReadOnlyList<PracticeEvidence> Evidence)
{
    /// <summary>Whether practice was found and left in for what offsetting it costs.</summary>
    internal bool IsLeftInForCost => Count == 0 && Cost is not null;

    /// <summary>Whether the sites of the first practice could be compared.</summary>
    internal bool ComparedSites => ComparesSites(Evidence[0]);

    /// <summary>The practice after the last that is offset, if kinds were found and left in; null else.</summary>
    internal PracticeEvidence? Doubted =>
        Evidence.Skip(Count).FirstOrDefault() is { Doubt: not null } next ? next : null;

    /// <summary>Whether sites could be compared for a practice.</summary>
    internal static bool ComparesSites(PracticeEvidence evidence) =>
        evidence.Heterogeneity.DegreesOfFreedom > 0;

    /// <summary>The report of a search, which may be disposed afterwards.</summary>
    internal static PracticeReport? Of(HiddenPractice? practice) =>
        practice is null ? null : new(practice.Count, practice.Cost, practice.Evidence);
}
