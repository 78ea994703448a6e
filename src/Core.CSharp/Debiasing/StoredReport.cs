namespace CausalDebiasing.Debiasing;

/// <summary>A <see cref="FitReport"/> as it is stored with the model: as texts, in order.</summary>
/// <param name="Texts">See <see cref="FitReportText"/>.</param>
/// <param name="Warnings">Assumptions that looked broken.</param>
internal sealed record StoredReport(KeyValuePair<string, string>[] Texts, FitWarning[] Warnings)
{
    internal static StoredReport Of(FitReport report) =>
        new([.. FitReportText.Of(report)], [.. report.Warnings]);

    internal IReadOnlyDictionary<string, string> ByName() => new OrderedDictionary<string, string>(Texts);
}
