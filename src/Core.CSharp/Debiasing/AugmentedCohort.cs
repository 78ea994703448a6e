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

    /// <summary>The rows, repeated with modalities dropped where asked, and their weights.</summary>
    internal static (Cohort Rows, float[] Weights) Of(
        Cohort train,
        Thinning thinning,
        PatternOffset? offset,
        float[]? given,
        Seed seed
    )
    {
        var count = train.Modalities.Count;
        var drawn = Drawn(train, thinning, seed);
        var mask = new bool[drawn.Count * count];
        var weights = new float[drawn.Count];
        var parts = offset?.Parts(train);
        for (var i = 0; i < drawn.Count; i++)
        {
            var ((row, pattern), times) = drawn[i];
            MissingnessPattern.Write(pattern, mask.AsSpan(i * count, count));
            var weight = offset?.Weight(offset.Of(parts!, row, pattern), train.Labels[row] > 0) ?? 1;
            weights[i] = times * (float)weight * (given?[row] ?? 1);
        }
        return (train.Select([.. drawn.Select(pair => pair.Key.Row)]).WithMask(mask), weights);
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
