using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace CausalDebiasing.Debiasing;

/// <summary>Logistic regression by Newton's method, with a normal prior on the coefficients.</summary>
/// <param name="centre">Prior mean of each of k coefficients.</param>
/// <param name="precision">Prior precision of each; above 0.</param>
internal sealed class RidgeLogistic(double[] centre, double[] precision)
{
    private const int Steps = 12;

    private readonly List<(double[] Features, double Positives, double Trials, double Offset)> rows = [];

    /// <summary>Adds rows that share k features and an offset of the logit.</summary>
    internal void Add(double[] features, double positives, double trials = 1, double offset = 0) =>
        rows.Add((features, positives, trials, offset));

    /// <summary>The k coefficients with the highest posterior density.</summary>
    internal double[] Fit()
    {
        var coefficients = Vector<double>.Build.DenseOfArray(centre);
        for (var step = 0; step < Steps; step++)
        {
            var gradient = new double[centre.Length];
            var hessian = new double[centre.Length, centre.Length];
            foreach (var (features, positives, trials, offset) in rows)
            {
                var rate = SpecialFunctions.Logistic(Logit(coefficients, features) + offset);
                var (error, variance) = (positives - trials * rate, trials * rate * (1 - rate));
                for (var i = 0; i < features.Length; i++)
                {
                    if (features[i] == 0)
                        continue;
                    gradient[i] += error * features[i];
                    for (var j = 0; j < features.Length; j++)
                        hessian[i, j] += variance * features[i] * features[j];
                }
            }
            for (var i = 0; i < centre.Length; i++)
            {
                gradient[i] -= precision[i] * (coefficients[i] - centre[i]);
                hessian[i, i] += precision[i];
            }
            coefficients += Matrix<double>
                .Build.DenseOfArray(hessian)
                .Solve(Vector<double>.Build.DenseOfArray(gradient));
        }
        return [.. coefficients];
    }

    /// <summary>The logit of a row without its offset.</summary>
    internal static double Logit(IEnumerable<double> coefficients, double[] features) =>
        coefficients.Zip(features, (c, f) => c * f).Sum();
}
