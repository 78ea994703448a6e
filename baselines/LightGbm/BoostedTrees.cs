using System.Diagnostics;
using System.Globalization;
using CausalDebiasing.Baselines.Shared;
using CausalDebiasing.Predictors;
using MathNet.Numerics;

namespace CausalDebiasing.Baselines;

/// <summary>A fitted ensemble: logit = intercept + the sum of the trees' values.</summary>
internal sealed class BoostedTrees : IDisposable
{
    /// <summary>How a line of leaf values begins in LightGBM's text.</summary>
    private const string Leaves = "leaf_value=";

    private readonly double intercept;
    private readonly string text;
    private readonly LightGbmBooster booster;

    private BoostedTrees(double intercept, string text)
    {
        (this.intercept, this.text) = (intercept, text);
        booster = LightGbmBooster.Parse(text);
    }

    /// <summary>
    /// Boosts from the best constant beside the rows' offsets. Between rounds it reports progress, and looks at cancellation
    /// and at the time budget, which leaves at least one round.
    /// </summary>
    /// <param name="rows">The training rows.</param>
    /// <param name="rounds">Most trees.</param>
    /// <param name="parameters">LightGBM's, as <c>name=value</c> separated by blanks; the initial score is not among them.</param>
    /// <param name="context">Of the fit.</param>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    internal static BoostedTrees Fit(FlatRows rows, int rounds, string parameters, FitContext context)
    {
        var clock = Stopwatch.StartNew();
        parameters += " boost_from_average=false";
        var intercept = rows.Intercept();
        double[] start = [.. rows.Offsets.Select(offset => intercept + offset)];
        using var dataset = LightGbmDataset.Of(rows, start, parameters);
        using var growing = LightGbmBooster.Of(dataset, parameters);
        for (var round = 1; round <= rounds && growing.Grow(); round++)
        {
            context.Progress?.Invoke(new(round, rounds, double.NaN, double.NaN));
            context.Cancellation.ThrowIfCancellationRequested();
            if (clock.Elapsed > context.TimeBudget)
                break;
        }
        return new(intercept, growing.ToText());
    }

    /// <summary>P(y = 1) of every row, [N].</summary>
    internal float[] Probabilities(float[][] features) =>
        [.. booster.Scores(features).Select(score => (float)SpecialFunctions.Logistic(intercept + score))];

    /// <summary>Writes the ensemble.</summary>
    /// <exception cref="NotFiniteNumberException">A value of a leaf is not finite.</exception>
    internal void Write(BinaryWriter writer)
    {
        RequireFinite(intercept, text);
        writer.Write(intercept);
        writer.Write(text);
    }

    /// <summary>Reads what <see cref="Write"/> wrote; LightGBM itself checks little, and anything else may end the process.</summary>
    /// <exception cref="NotFiniteNumberException">A value of a leaf is not finite.</exception>
    internal static BoostedTrees Read(BinaryReader reader)
    {
        var (intercept, text) = (reader.ReadDouble(), reader.ReadString());
        RequireFinite(intercept, text);
        return new(intercept, text);
    }

    public void Dispose() => booster.Dispose();

    private static void RequireFinite(double intercept, string text) =>
        StoredValues.RequireFinite(
            text.Split('\n')
                .Where(line => line.StartsWith(Leaves, StringComparison.Ordinal))
                .SelectMany(line => line[Leaves.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(Number)
                .Append(intercept)
        );

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : double.NaN;
}
