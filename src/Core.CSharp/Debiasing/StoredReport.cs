namespace CausalDebiasing.Debiasing;

/// <summary>A <see cref="FitReport"/> as it is stored with the model.</summary>
/// <param name="Texts">See <see cref="FitReportText"/>, in order.</param>
/// <param name="Practices">Of every hidden practice that was looked for, in order.</param>
/// <param name="Warnings">Assumptions that looked broken.</param>
internal sealed record StoredReport(
    KeyValuePair<string, string>[] Texts,
    PracticeFinding[] Practices,
    FitWarning[] Warnings
)
{
    internal static StoredReport Of(FitReport report) =>
        new(
            [.. FitReportText.Of(report)],
            [
                .. (report.Practice?.Evidence ?? []).Select(
                    (own, i) => own.Finding(i < report.Practice!.Count)
                ),
            ],
            [.. report.Warnings]
        );

    internal IReadOnlyDictionary<string, string> ByName() => new OrderedDictionary<string, string>(Texts);
}
