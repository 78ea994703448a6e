using CausalDebiasing.Numerics;
using MathNet.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Logistic recalibration (Cox 1958) of predictions, on validation outcomes: slope and intercept of the logit, and how
/// much of the pattern's log odds counts. The prior is no change, which matters with few events only.
/// </summary>
/// <param name="Slope">Of the logit; below 1 where predictions were too extreme.</param>
/// <param name="Intercept">Of the logit.</param>
/// <param name="Share">Of the pattern's log odds.</param>
internal readonly record struct Recalibration(double Slope, double Intercept, double Share)
{
    /// <summary>Prior precision of all.</summary>
    private const double Prior = 16;

    /// <summary>The order of patients is never reversed.</summary>
    private const double LeastSlope = 0.2;

    /// <summary>No change.</summary>
    internal static Recalibration None { get; } = new(1, 0, 1);

    /// <summary>Of predictions that leave out the pattern's part, whose log odds are known.</summary>
    /// <param name="labels">n outcomes, 0 or 1.</param>
    /// <param name="probabilities">n interventional predictions.</param>
    /// <param name="offsets">n parts of the logit that those leave out.</param>
    internal static Recalibration OfInterventional(
        ReadOnlySpan<float> labels,
        float[] probabilities,
        double[] offsets
    ) => Fit(labels, probabilities, null, offsets);

    /// <summary>Of predictions to which a share of the pattern's log odds is added.</summary>
    /// <param name="labels">n outcomes, 0 or 1.</param>
    /// <param name="probabilities">n interventional predictions.</param>
    /// <param name="logOdds">n log odds of the pattern.</param>
    /// <param name="offsets">n other parts of the logit.</param>
    internal static Recalibration OfFactual(
        ReadOnlySpan<float> labels,
        float[] probabilities,
        double[] logOdds,
        double[] offsets
    ) => Fit(labels, probabilities, logOdds, offsets);

    private static Recalibration Fit(
        ReadOnlySpan<float> labels,
        float[] probabilities,
        double[]? logOdds,
        double[] offsets
    )
    {
        using var scope = NewDisposeScope();
        var logits = tensor([.. probabilities.Select(Logit)]);
        Tensor[] columns = logOdds is null
            ? [logits, ones_like(logits)]
            : [logits, ones_like(logits), tensor(logOdds)];
        double[] centre = logOdds is null ? [1, 0] : [1, 0, 1];
        var coefficients = RidgeLogistic.Fit(
            stack(columns, 1),
            tensor([.. labels.ToArray().Select(label => (double)label)]),
            tensor(offsets),
            centre,
            [.. Enumerable.Repeat(Prior, centre.Length)]
        );
        return new(
            Math.Max(LeastSlope, coefficients[0]),
            coefficients[1],
            logOdds is null ? 0 : coefficients[2]
        );
    }

    /// <summary>The recalibrated predictions.</summary>
    /// <param name="probabilities">n predictions.</param>
    /// <param name="logOdds">n log odds of the pattern, or null where they are left out.</param>
    internal float[] Apply(float[] probabilities, double[]? logOdds = null)
    {
        if (this == None && logOdds is null)
            return probabilities;
        var result = new float[probabilities.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = (float)
                SpecialFunctions.Logistic(
                    Slope * Logit(probabilities[i]) + Intercept + Share * (logOdds?[i] ?? 0)
                );
        return result;
    }

    private static double Logit(float probability) =>
        SpecialFunctions.Logit(Math.Clamp(probability, 1e-7, 1 - 1e-7));
}
