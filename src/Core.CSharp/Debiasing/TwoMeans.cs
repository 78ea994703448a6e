namespace CausalDebiasing.Debiasing;

/// <summary>Two-means clustering of numbers.</summary>
internal static class TwoMeans
{
    private const int MostSteps = 20;

    /// <summary>The threshold between the two clusters, found from the least and the greatest value.</summary>
    /// <param name="values">At least one.</param>
    internal static double Threshold(ReadOnlySpan<double> values)
    {
        var (low, high) = (values[0], values[0]);
        foreach (var value in values)
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        for (var step = 0; step < MostSteps; step++)
        {
            var means = MeansBeside((low + high) / 2, values);
            if (means is not { } found || found == (low, high))
                break;
            (low, high) = found;
        }
        return (low + high) / 2;
    }

    /// <summary>Means of the values up to the threshold and of those above; null where one side is empty.</summary>
    private static (double Low, double High)? MeansBeside(double threshold, ReadOnlySpan<double> values)
    {
        var (low, high, above) = (0.0, 0.0, 0);
        foreach (var value in values)
        {
            if (value > threshold)
            {
                high += value;
                above++;
            }
            else
                low += value;
        }
        return above == 0 || above == values.Length ? null : (low / (values.Length - above), high / above);
    }
}
