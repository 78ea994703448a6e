using CausalDebiasing.Cohorts;
using CausalDebiasing.Predictors;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// The backdoor adjustment for predictors without a representation: the pattern r joins the inputs as one more
/// modality, and predictions are averaged over r with weight P(r) (plug-in g-formula).
/// </summary>
internal static class PatternStandardisation
{
    private const string Name = "missingness-pattern";

    /// <summary>The cohort with its pattern as bits, one per modality.</summary>
    internal static Cohort Extend(Cohort cohort) =>
        cohort.WithModality(
            Modality.Tabular(Name, cohort.Modalities.Count),
            [.. cohort.Mask.ToArray().Select(observed => observed ? 1f : 0f)]
        );

    /// <summary>sum_r P(r) P(y = 1 | x, r) for every row, [n].</summary>
    internal static float[] Marginal(IPredictor fitted, Cohort cohort, PatternTable patterns)
    {
        var sum = new double[cohort.Count];
        var count = cohort.Modalities.Count;
        for (var r = 0; r < patterns.Count; r++)
        {
            var bits = Enumerable
                .Range(0, count)
                .Select(m => (float)(patterns.Patterns[r] >> m & 1))
                .ToArray();
            float[] block = [.. Enumerable.Range(0, cohort.Count).SelectMany(_ => bits)];
            var given = fitted.PredictChecked(cohort.WithModality(Modality.Tabular(Name, count), block));
            for (var row = 0; row < sum.Length; row++)
                sum[row] += patterns.Prior[r] * given[row];
        }
        return [.. sum.Select(p => (float)p)];
    }
}
