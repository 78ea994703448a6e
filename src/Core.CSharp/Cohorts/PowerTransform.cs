namespace CausalDebiasing.Cohorts;

/// <summary>
/// The power transform of Yeo and Johnson (Biometrika 2000) about a centre c, (T(x) - T(c)) / T'(c), with
/// T(x) = ((1 + x)^p - 1) / p from 0 on and T(x) = -((1 - x)^(2 - p) - 1) / (2 - p) below, logarithms where a power is 0.
/// </summary>
/// <remarks>
/// Standardising takes out what shift and scale change. With them the result is in the units of x near c, and powers of
/// large values keep their digits.
/// </remarks>
/// <param name="Power">p; 1 changes nothing, less draws in the upper tail, more the lower one.</param>
/// <param name="Centre">c, a typical value.</param>
internal sealed record PowerTransform(double Power, double Centre)
{
    /// <summary>Results are cut off beyond it, so that their squares can be summed.</summary>
    private const double Limit = 1e37;

    /// <summary>Powers nearer to 0 are taken for 0.</summary>
    private const double Smallest = 1e-6;

    /// <summary>log(1 + |c|).</summary>
    private readonly double own = Reach(Centre);

    /// <summary>|T(c)|.</summary>
    private readonly double image = Raised(Centre >= 0 ? Power : 2 - Power, Reach(Centre));

    /// <summary>T'(c).</summary>
    private readonly double slope = Math.Exp((Centre >= 0 ? 1 : -1) * (Power - 1) * Reach(Centre));

    /// <summary>A value on the new scale, in the order of the values; NaN stays NaN.</summary>
    public double Of(double value) => Of(value >= 0, Reach(value));

    /// <summary>The same for a value of which the side of 0 and log(1 + |x|) are known.</summary>
    internal double Of(bool isUpper, double reach)
    {
        var power = isUpper ? Power : 2 - Power;
        var result =
            isUpper == Centre >= 0
                ? (1 + Math.Abs(Centre)) * Raised(power, reach - own)
                : (Raised(power, reach) + image) / slope;
        return Math.Clamp(isUpper ? result : -result, -Limit, Limit);
    }

    /// <summary>log(1 + |x|).</summary>
    internal static double Reach(double value) => Math.Log(1 + Math.Abs(value));

    /// <summary>(e^(power reach) - 1) / power.</summary>
    private static double Raised(double power, double reach) =>
        Math.Abs(power) < Smallest ? reach : (Math.Exp(power * reach) - 1) / power;
}
