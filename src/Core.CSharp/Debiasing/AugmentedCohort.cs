using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Positivity augmentation for predictors that take one fixed training set: every row under several thinned patterns. Where
/// a row comes to the same pattern more than once it stands there once, with the sum of the weights.
/// </summary>
internal static class AugmentedCohort
{
    /// <summary>In the worlds a fifth gains boosted trees 0.0003 of AUROC, and three lose 0.001.</summary>
    private const int Copies = 4;

    /// <summary>
    /// The rows, repeated with modalities dropped where asked, their weights and, where there are any, the known parts of
    /// their logits.
    /// </summary>
    /// <param name="train">The training rows.</param>
    /// <param name="thinning">How modalities are dropped.</param>
    /// <param name="offset">What patterns tell of the outcome, or null.</param>
    /// <param name="asOffsets">Whether that is a part of the logit rather than a weight.</param>
    /// <param name="given">One weight per training row, or null.</param>
    /// <param name="known">One known part of the logit per training row, or null.</param>
    /// <param name="seed">Of the patterns.</param>
    internal static (Cohort Rows, float[] Weights, float[]? Offsets) Of(
        Cohort train,
        Thinning thinning,
        PatternOffset? offset,
        bool asOffsets,
        float[]? given,
        float[]? known,
        Seed seed
    )
    {
        var count = train.Modalities.Count;
        var drawn = Drawn(train, thinning, seed);
        var mask = new bool[drawn.Count * count];
        var weights = new float[drawn.Count];
        var offsets = known is null && !(asOffsets && offset is not null) ? null : new float[drawn.Count];
        var parts = offset?.Parts(train);
        for (var i = 0; i < drawn.Count; i++)
        {
            var ((row, pattern), times) = drawn[i];
            MissingnessPattern.Write(pattern, mask.AsSpan(i * count, count));
            weights[i] = times * (given?[row] ?? 1);
            if (offsets is not null)
                offsets[i] = known?[row] ?? 0;
            if (offset is null)
                continue;
            var part = offset.Of(parts!, row, pattern);
            if (asOffsets)
                offsets![i] += (float)part;
            else
                weights[i] *= (float)offset.Weight(part, train.Labels[row] > 0);
        }
        return (train.Select([.. drawn.Select(pair => pair.Key.Row)]).WithMask(mask), weights, offsets);
    }

    /// <summary>Rows and patterns with the number of times that they came together, in the order of the first.</summary>
    private static List<KeyValuePair<(int Row, int Pattern), int>> Drawn(
        Cohort train,
        Thinning thinning,
        Seed seed
    )
    {
        var random = new Random(seed.Derive("augmentation").ToInt32());
        var times = new OrderedDictionary<(int Row, int Pattern), int>();
        for (var copy = 0; copy < (thinning.IsActive ? Copies : 1); copy++)
        for (var row = 0; row < train.Count; row++)
        {
            var pattern = thinning.Apply(train.Pattern(row), train.Modalities.Count, random);
            times[(row, pattern)] = times.GetValueOrDefault((row, pattern)) + 1;
        }
        return [.. times];
    }
}
