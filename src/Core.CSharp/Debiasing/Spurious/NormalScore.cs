using MathNet.Numerics.Distributions;

namespace CausalDebiasing.Debiasing;

/// <summary>A value as the quantile of the normal distribution that its rank among training values has.</summary>
internal static class NormalScore
{
    /// <summary>Keeps scores finite.</summary>
    private const double LeastTail = 1e-3;

    /// <summary>The quantile of a value's rank among sorted ones; `between`, from 0 to 1, is its place among equal ones.</summary>
    internal static double Of(float[] sorted, float value, double between)
    {
        if (float.IsNaN(value))
            return double.NaN;
        var (below, upTo) = (First(sorted, value, orEqual: true), First(sorted, value, orEqual: false));
        var rank = (below + between * Math.Max(1, upTo - below)) / (sorted.Length + 1);
        return Normal.InvCDF(0, 1, Math.Clamp(rank, LeastTail, 1 - LeastTail));
    }

    /// <summary>Position of the first element at or above (or above) a value.</summary>
    private static int First(float[] sorted, float value, bool orEqual)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < value || !orEqual && sorted[middle] == value)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
