using System.Text;
using MathNet.Numerics.Statistics;

namespace CausalDebiasing.Benchmarks;

/// <summary>How many times as fast the suite trains a network as its peer, by pairs of processes that took turns.</summary>
/// <param name="Model">Id of the baseline.</param>
/// <param name="Runs">Of the suite and of the peer.</param>
internal sealed record PeerComparison(string Model, IReadOnlyList<(PeerRun Own, PeerRun Other)> Runs)
{
    /// <summary>Of the mean AUROCs over the pairs.</summary>
    internal double AurocDifference => Math.Abs(Aurocs.Own - Aurocs.Other);

    /// <summary>For the console: the ratio of rows per second of processor time in a process that has fitted before.</summary>
    internal string Line =>
        $"{Model} {Ratios(1, fit => fit.Processor).Median():f2} x"
        + $"  processor time {Range(Ratios(1, fit => fit.Processor))}"
        + $"; wall time {Range(Ratios(1, fit => fit.Wall))}"
        + $"; first fit of a process {Range(Ratios(0, fit => fit.Processor))} (min, median, max)"
        + $"; {Rows.Own:f0} and {Rows.Other:f0} rows/s; AUROC {Aurocs.Own:f4} and {Aurocs.Other:f4}";

    /// <summary>The same of several networks, in Markdown.</summary>
    internal static string Table(IReadOnlyList<PeerComparison> comparisons)
    {
        var (own, other) = comparisons[0].Runs[0];
        var text = new StringBuilder();
        text.AppendLine($"## Training: {own.Library} and {other.Library}, {comparisons[0].Runs.Count} pairs");
        text.AppendLine();
        text.AppendLine(
            "| network | rows/s | rows/s of PyTorch | ratio, processor time | ratio, wall time | ratio, first fit of a process | AUROC | AUROC of PyTorch |"
        );
        text.AppendLine("| --- | --: | --: | --: | --: | --: | --: | --: |");
        foreach (var one in comparisons)
            text.AppendLine(
                $"| {one.Model} | {one.Rows.Own:f0} | {one.Rows.Other:f0} | {Span(one.Ratios(1, fit => fit.Processor))} | {Span(one.Ratios(1, fit => fit.Wall))} | {Span(one.Ratios(0, fit => fit.Processor))} | {one.Aurocs.Own:f4} | {one.Aurocs.Other:f4} |"
            );
        return text.ToString();
    }

    private (double Own, double Other) Aurocs =>
        (Runs.Average(run => run.Own.Fits[1].Auroc), Runs.Average(run => run.Other.Fits[1].Auroc));

    private (double Own, double Other) Rows =>
        (
            Runs.Select(run => run.Own.Fits[1].Processor).Median(),
            Runs.Select(run => run.Other.Fits[1].Processor).Median()
        );

    private double[] Ratios(int fit, Func<PeerFit, double> speed) =>
        [.. Runs.Select(run => speed(run.Own.Fits[fit]) / speed(run.Other.Fits[fit]))];

    private static string Range(double[] ratios) =>
        $"{ratios.Min():f2} {ratios.Median():f2} {ratios.Max():f2}";

    private static string Span(double[] ratios) =>
        $"{ratios.Median():f2} ({ratios.Min():f2}-{ratios.Max():f2})";
}
