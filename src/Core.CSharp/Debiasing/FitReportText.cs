using System.Globalization;

namespace CausalDebiasing.Debiasing;

/// <summary>A <see cref="FitReport"/> as names and texts, as stored with results: see <see cref="DebiasedPredictor.Diagnostics"/>.</summary>
internal static class FitReportText
{
    /// <summary>The texts by name, in the order in which they are shown.</summary>
    internal static IReadOnlyDictionary<string, string> Of(FitReport report)
    {
        var texts = new OrderedDictionary<string, string> { ["patterns.kept"] = Text(report.Patterns, "d") };
        if (report.PatternCost is { } cost)
            Add(texts, "patterns", cost);
        if (report.Practice is { } practice)
            Add(texts, practice);
        if (report.FirstErrors is { } errors)
            texts["jtt.errors"] = Text(errors, "f3");
        if (report.EffectiveShare is { } share)
            texts["weights.ess"] = Text(share, "f3");
        if (report.Warnings.Count > 0)
            texts["warnings"] = string.Join(" ", report.Warnings);
        if (report.Recalibrations is { } found)
        {
            texts["recalibration.slope"] = Text(found.Interventional.Slope, "f3");
            texts["recalibration.intercept"] = Text(found.Interventional.Intercept, "f3");
            texts["recalibration.share"] = Text(found.Factual.Share, "f3");
        }
        return texts;
    }

    private static void Add(OrderedDictionary<string, string> texts, PracticeReport practice)
    {
        texts["practice.count"] = Text(practice.Count, "d");
        if (practice.Cost is { } cost)
            Add(texts, "practice", cost);
        for (var round = 0; round < practice.Evidence.Count; round++)
            foreach (var (name, value) in practice.Evidence[round].Numbers())
                texts[$"practice.{round + 1}.{name}"] = value;
    }

    private static void Add(OrderedDictionary<string, string> texts, string part, PartCost cost)
    {
        texts[$"{part}.cost.fit"] = Text(cost.Fit, "f2");
        texts[$"{part}.cost.id"] = Text(-cost.InDistribution, "f3");
        texts[$"{part}.cost.out"] = Text(-cost.OutOfSite, "f3");
    }

    private static string Text<T>(T number, string format)
        where T : IFormattable => number.ToString(format, CultureInfo.InvariantCulture);
}
