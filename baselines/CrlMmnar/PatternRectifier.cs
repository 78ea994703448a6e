namespace CausalDebiasing.Baselines;

/// <summary>
/// An offset of the predicted probability per missingness pattern, learned from held-out rows: p - Delta_r with
/// Delta_r = mean(p - y) over the rows of pattern r, clipped to +-0.3; scaled by max(0.3, n/30) with n &lt; 30 rows
/// and 0 with n &lt; 10.
/// </summary>
/// <param name="Offsets">Delta_r by pattern; patterns that are not listed have none.</param>
internal sealed record PatternRectifier(IReadOnlyDictionary<int, float> Offsets)
{
    private const int FewestRows = 10;
    private const int EnoughRows = 30;
    private const double Largest = 0.3;
    private const double LeastTrust = 0.3;

    /// <summary>Learns the offsets.</summary>
    /// <param name="patterns">[n] missingness patterns.</param>
    /// <param name="probabilities">[n] predicted for rows that the predictor was not trained on.</param>
    /// <param name="labels">[n] their outcomes.</param>
    /// <param name="weights">[n] weights of the rows in the mean, or null for equal weights.</param>
    internal static PatternRectifier Fit(
        int[] patterns,
        float[] probabilities,
        float[] labels,
        IReadOnlyList<float>? weights = null
    )
    {
        float Weight(int row) => weights?[row] ?? 1;
        return new(
            Enumerable
                .Range(0, patterns.Length)
                .GroupBy(row => patterns[row])
                .Where(rows => rows.Count() >= FewestRows)
                .ToDictionary(
                    rows => rows.Key,
                    rows =>
                        Offset(
                            rows.Sum(row => Weight(row) * (probabilities[row] - labels[row]))
                                / rows.Sum(Weight),
                            rows.Count()
                        )
                )
        );
    }

    /// <summary>p - Delta_r, kept in [0, 1].</summary>
    internal float[] Apply(int[] patterns, float[] probabilities) =>
        [.. probabilities.Select((p, row) => Math.Clamp(p - Offsets.GetValueOrDefault(patterns[row]), 0, 1))];

    private static float Offset(double error, int rows)
    {
        var trust = rows < EnoughRows ? Math.Max(LeastTrust, rows / (double)EnoughRows) : 1;
        return (float)(trust * Math.Clamp(error, -Largest, Largest));
    }
}
