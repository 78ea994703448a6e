using System.Text.Json.Serialization;
using MathNet.Numerics;

namespace CausalDebiasing.Debiasing;

/// <summary>Logistic regression of the outcome on which modalities are observed, with a ridge penalty.</summary>
internal sealed class PatternLogit
{
    private const double Penalty = 4;

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
        var fit = new RidgeLogistic(
            new double[modalities + 1],
            [.. Enumerable.Repeat(Penalty, modalities), 1e-6]
        );
        foreach (var (pattern, (negative, positive)) in counts)
            fit.Add(Features(pattern, modalities), positive, negative + positive);
        return new() { Coefficients = fit.Fit() };
    }

    /// <summary>P(y = 1 | r), within [0.001, 0.999].</summary>
    internal double Rate(int pattern) =>
        Math.Clamp(
            SpecialFunctions.Logistic(
                RidgeLogistic.Logit(Coefficients, Features(pattern, Coefficients.Length - 1))
            ),
            1e-3,
            1 - 1e-3
        );

    /// <summary>1 for every observed modality, 0 for others, 1 for the intercept.</summary>
    private static double[] Features(int pattern, int modalities) =>
        [.. Enumerable.Range(0, modalities).Select(m => (double)(pattern >> m & 1)), 1];
}
