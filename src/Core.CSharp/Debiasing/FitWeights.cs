using CausalDebiasing.Cohorts;
using CausalDebiasing.Predictors;

namespace CausalDebiasing.Debiasing;

/// <summary>The second step of a fit: how training rows are weighted, besides what stands for known parts of the logit.</summary>
/// <param name="Values">[n]; null for equal weights.</param>
/// <param name="FirstErrors">Share of the rows that the first of two trainings got wrong; null where there was one.</param>
internal sealed record FitWeights(IReadOnlyList<float>? Values, double? FirstErrors)
{
    /// <param name="inner">Trained once where a first training weights the rows of the second.</param>
    /// <param name="train">The training rows.</param>
    /// <param name="validation">The validation rows.</param>
    /// <param name="options">What was asked for.</param>
    /// <param name="context">Of the fit.</param>
    internal static FitWeights Of(
        InnerPredictor inner,
        Cohort train,
        Cohort validation,
        DebiasOptions options,
        FitContext context
    )
    {
        var weights = context.SampleWeights;
        if (options.Weighting == RowWeighting.Propensity)
            weights = Product(PatternPropensity.Weights(train), weights);
        if (!options.JustTrainTwice)
            return new(weights, null);
        var errors = inner.FirstErrors(train, validation, context with { SampleWeights = weights });
        return new(
            Product(JustTrainTwice.Weights(errors), weights),
            errors.Average(isError => isError ? 1.0 : 0)
        );
    }

    /// <summary>Effective sample size as a share of the rows; null where they are not weighted.</summary>
    /// <param name="train">The training rows.</param>
    /// <param name="known">What is known of their logits.</param>
    /// <param name="parts">Which of it are offsets; the others are weights.</param>
    internal double? EffectiveShare(Cohort train, KnownLogit known, OffsetParts parts)
    {
        var weights = Values;
        if (known.HasWeights(parts))
        {
            int[] rows = [.. Enumerable.Range(0, train.Count)];
            weights = Product(known.Weights(rows, [.. rows.Select(train.Pattern)], parts), weights);
        }
        if (weights is null)
            return null;
        var sum = weights.Sum(weight => (double)weight);
        return sum * sum / weights.Sum(weight => (double)weight * weight) / weights.Count;
    }

    /// <summary>Own weights times those given, [n].</summary>
    internal static float[] Product(float[] own, IReadOnlyList<float>? given) =>
        given is null ? own : [.. own.Zip(given, (a, b) => a * b)];
}
