using MathNet.Numerics;

namespace CausalDebiasing.Baselines.Shared;

/// <summary>N training rows of D features.</summary>
/// <param name="Features">N vectors of D entries.</param>
/// <param name="Labels">[N] outcomes, 0 or 1.</param>
/// <param name="Weights">[N], at least 0.</param>
/// <param name="Offsets">[N] known parts of the logit.</param>
public sealed record FlatRows(float[][] Features, float[] Labels, float[] Weights, float[] Offsets)
{
    private const int MostSteps = 50;
    private const double Tolerance = 1e-10;

    /// <summary>Largest step of the logit.</summary>
    private const double Reach = 2;

    /// <summary>Number of rows N.</summary>
    public int Count => Labels.Length;

    /// <summary>
    /// The constant that fits best beside the offsets, by Newton's method: without any, the logit of the weighted share of
    /// outcomes. 0 where all weights are 0.
    /// </summary>
    public double Intercept()
    {
        var constant = 0.0;
        for (var step = 0; step < MostSteps; step++)
        {
            var (slope, curvature) = (0.0, 0.0);
            for (var i = 0; i < Count; i++)
            {
                var rate = SpecialFunctions.Logistic(constant + Offsets[i]);
                slope += Weights[i] * (Labels[i] - rate);
                curvature += Weights[i] * rate * (1 - rate);
            }
            var move = curvature > 0 ? Math.Clamp(slope / curvature, -Reach, Reach) : 0;
            constant += move;
            if (Math.Abs(move) < Tolerance)
                break;
        }
        return constant;
    }
}
