using System.Text.Json.Serialization;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace CausalDebiasing.Debiasing;

/// <summary>Logistic regression of the outcome on which modalities are observed, with a ridge penalty.</summary>
internal sealed class PatternLogit
{
    private const double Penalty = 4;
    private const int Steps = 12;

    /// <summary>One per modality, then the intercept.</summary>
    [JsonInclude]
    internal double[] Coefficients { get; private init; } = [];

    /// <summary>Fits by Newton's method.</summary>
    /// <param name="counts">Rows per pattern, by outcome.</param>
    /// <param name="modalities">Their number.</param>
    internal static PatternLogit Fit(
        IReadOnlyDictionary<int, (double Negative, double Positive)> counts,
        int modalities
    )
    {
        var coefficients = Vector<double>.Build.Dense(modalities + 1);
        for (var step = 0; step < Steps; step++)
        {
            var gradient = Vector<double>.Build.Dense(modalities + 1);
            var hessian = Matrix<double>.Build.Dense(modalities + 1, modalities + 1);
            foreach (var (pattern, (negative, positive)) in counts)
            {
                var rate = SpecialFunctions.Logistic(Logit(coefficients, pattern));
                var (rows, error) = (negative + positive, positive - (negative + positive) * rate);
                for (var i = 0; i <= modalities; i++)
                {
                    if (!Has(pattern, i, modalities))
                        continue;
                    gradient[i] += error;
                    for (var j = 0; j <= modalities; j++)
                        if (Has(pattern, j, modalities))
                            hessian[i, j] += rows * rate * (1 - rate);
                }
            }
            for (var i = 0; i < modalities; i++)
            {
                gradient[i] -= Penalty * coefficients[i];
                hessian[i, i] += Penalty;
            }
            hessian[modalities, modalities] += 1e-6;
            coefficients += hessian.Solve(gradient);
        }
        return new() { Coefficients = [.. coefficients] };
    }

    /// <summary>P(y = 1 | r), within [0.001, 0.999].</summary>
    internal double Rate(int pattern) =>
        Math.Clamp(SpecialFunctions.Logistic(Logit(Coefficients, pattern)), 1e-3, 1 - 1e-3);

    private static bool Has(int pattern, int i, int modalities) => i == modalities || (pattern >> i & 1) != 0;

    private static double Logit(IList<double> coefficients, int pattern)
    {
        var logit = 0.0;
        for (var i = 0; i < coefficients.Count; i++)
            if (Has(pattern, i, coefficients.Count - 1))
                logit += coefficients[i];
        return logit;
    }
}
