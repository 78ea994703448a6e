namespace CausalDebiasing.Debiasing;

/// <summary>A least-squares slope.</summary>
/// <param name="Value">The slope.</param>
/// <param name="StandardError">Its standard error; NaN with fewer than three rows or a constant regressor.</param>
internal readonly record struct PatternSlope(double Value, double StandardError)
{
    /// <summary>The slope of y on x.</summary>
    internal static PatternSlope Of(ReadOnlySpan<float> x, double[] y)
    {
        if (x.Length < 3)
            return new(0, double.NaN);
        var (meanX, meanY) = (0.0, y.Average());
        foreach (var value in x)
            meanX += value / (double)x.Length;
        var (cross, squares) = (0.0, 0.0);
        for (var i = 0; i < x.Length; i++)
        {
            cross += (x[i] - meanX) * (y[i] - meanY);
            squares += (x[i] - meanX) * (x[i] - meanX);
        }
        if (squares < 1e-9)
            return new(0, double.NaN);
        var slope = cross / squares;
        var residual = 0.0;
        for (var i = 0; i < x.Length; i++)
            residual += Math.Pow(y[i] - meanY - slope * (x[i] - meanX), 2);
        return new(slope, Math.Sqrt(residual / (x.Length - 2) / squares));
    }
}
