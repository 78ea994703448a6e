using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Debiasing;

/// <summary>Which known parts of the logit are offsets; the others become weights.</summary>
/// <param name="Pattern">What the missingness pattern tells.</param>
/// <param name="Practice">What hidden practice tells.</param>
internal readonly record struct OffsetParts(bool Pattern, bool Practice);

/// <summary>
/// What is known of the logit of training and validation rows and is not to be learnt: what their missingness patterns and
/// hidden practice tell of the outcome.
/// </summary>
/// <param name="train">The training rows.</param>
/// <param name="validation">The validation rows.</param>
/// <param name="pattern">What patterns tell, or null.</param>
/// <param name="practice">What practice tells, or null.</param>
internal sealed class KnownLogit(
    Cohort train,
    Cohort validation,
    PatternOffset? pattern,
    HiddenPractice? practice
)
{
    private readonly float[]? parts = pattern?.Parts(train);
    private readonly HiddenPractice? practice = practice is { Count: > 0 } ? practice : null;

    /// <summary>The offsets of training rows under patterns that thinning left, [n]; null where there are none.</summary>
    internal float[]? Offsets(IReadOnlyList<int> rows, IReadOnlyList<int> patterns, OffsetParts which) =>
        Sum(
            rows.Count,
            which.Pattern ? OfPattern(rows, patterns) : null,
            which.Practice ? practice?.OfTraining(rows, patterns) : null
        );

    /// <summary>The weights that stand for the parts which are no offsets, [n].</summary>
    internal float[] Weights(IReadOnlyList<int> rows, IReadOnlyList<int> patterns, OffsetParts which)
    {
        float[] weights = [.. Enumerable.Repeat(1f, rows.Count)];
        if (!which.Pattern)
            Weigh(weights, rows, OfPattern(rows, patterns));
        if (!which.Practice)
            Weigh(weights, rows, practice?.OfTraining(rows, patterns));
        return weights;
    }

    /// <summary>Whether any part is a weight.</summary>
    internal bool HasWeights(OffsetParts which) =>
        !which.Pattern && pattern is not null || !which.Practice && practice is not null;

    /// <summary>Whether there is any part.</summary>
    internal bool IsEmpty => pattern is null && practice is null;

    /// <summary>The offsets of the validation rows as they are, [n]; null where there are none.</summary>
    internal float[]? OfValidation(OffsetParts which) =>
        Sum(
            validation.Count,
            which.Pattern ? pattern?.Of(validation) : null,
            which.Practice ? practice?.OfValidation() : null
        );

    /// <summary>The weights of the validation rows that stand for parts which are no offsets, [n].</summary>
    internal double[] ValidationWeights(OffsetParts which) =>
        pattern is null || which.Pattern
            ? [.. Enumerable.Repeat(1.0, validation.Count)]
            : [.. pattern.Weights(validation).Select(weight => (double)weight)];

    private double[]? OfPattern(IReadOnlyList<int> rows, IReadOnlyList<int> patterns) =>
        pattern is null ? null : [.. rows.Select((row, i) => pattern.Of(parts!, row, patterns[i]))];

    private void Weigh(float[] weights, IReadOnlyList<int> rows, double[]? offsets)
    {
        for (var i = 0; offsets is not null && i < rows.Count; i++)
            weights[i] *= (float)
                PatternOffset.Weight(train.Prevalence, offsets[i], train.Labels[rows[i]] > 0);
    }

    private static float[]? Sum(int count, double[]? left, double[]? right) =>
        left is null && right is null
            ? null
            : [.. Enumerable.Range(0, count).Select(i => (float)((left?[i] ?? 0) + (right?[i] ?? 0)))];
}
