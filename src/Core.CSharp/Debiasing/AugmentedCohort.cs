using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Debiasing;

/// <summary>Positivity augmentation for predictors that take one fixed training set: every row under several thinned patterns.</summary>
internal static class AugmentedCohort
{
    private const int Copies = 5;

    /// <summary>The rows, repeated with modalities dropped where asked, and their weights.</summary>
    internal static (Cohort Rows, float[] Weights) Of(
        Cohort train,
        Thinning thinning,
        PatternOffset? offset,
        float[]? given,
        Seed seed
    )
    {
        var copies = thinning.IsActive ? Copies : 1;
        var random = new Random(seed.Derive("augmentation").ToInt32());
        var count = train.Modalities.Count;
        int[] source = [.. Enumerable.Range(0, train.Count * copies).Select(i => i % train.Count)];
        var mask = new bool[source.Length * count];
        var weights = new float[source.Length];
        var parts = offset?.Parts(train);
        for (var i = 0; i < source.Length; i++)
        {
            var pattern = thinning.Apply(train.Pattern(source[i]), count, random);
            for (var m = 0; m < count; m++)
                mask[i * count + m] = (pattern >> m & 1) == 1;
            var weight =
                offset?.Weight(offset.Of(parts!, source[i], pattern), train.Labels[source[i]] > 0) ?? 1;
            weights[i] = (float)weight * (given?[source[i]] ?? 1);
        }
        return (train.Select(source).WithMask(mask), weights);
    }
}
