using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Positivity augmentation for predictors that take one fixed training set: every row under several thinned patterns. Where
/// a row comes to the same pattern more than once it stands there once. The weights of a row's patterns add up to its own, so
/// that a penalty counts as much as without augmentation.
/// </summary>
internal static class AugmentedCohort
{
    /// <summary>In the worlds a fifth gains boosted trees 0.0003 of AUROC, and three lose 0.001.</summary>
    private const int Copies = 4;

    /// <summary>
    /// The rows, repeated with modalities dropped where asked, their weights and, where the predictor takes them, the known
    /// parts of their logits.
    /// </summary>
    /// <param name="train">The training rows.</param>
    /// <param name="thinning">How modalities are dropped.</param>
    /// <param name="known">What is known of the logit.</param>
    /// <param name="parts">Which of it are offsets; the others are weights.</param>
    /// <param name="given">One weight per training row, or null.</param>
    /// <param name="seed">Of the patterns.</param>
    internal static (Cohort Rows, float[] Weights, float[]? Offsets) Of(
        Cohort train,
        Thinning thinning,
        KnownLogit known,
        OffsetParts parts,
        IReadOnlyList<float>? given,
        Seed seed
    )
    {
        var count = train.Modalities.Count;
        var drawn = Drawn(train, thinning, seed);
        int[] rows = [.. drawn.Select(pair => pair.Key.Row)];
        int[] patterns = [.. drawn.Select(pair => pair.Key.Pattern)];
        var mask = MissingnessPattern.ToMask(patterns, count);
        var weights = known.Weights(rows, patterns, parts);
        for (var i = 0; i < rows.Length; i++)
            weights[i] *= (given?[rows[i]] ?? 1) * drawn[i].Value / CopiesUnder(thinning);
        return (train.Select(rows).WithMask(mask), weights, known.Offsets(rows, patterns, parts));
    }

    private static int CopiesUnder(Thinning thinning) => thinning.IsActive ? Copies : 1;

    /// <summary>Rows and patterns with the number of times that they came together, in the order of the first.</summary>
    private static List<KeyValuePair<(int Row, int Pattern), int>> Drawn(
        Cohort train,
        Thinning thinning,
        Seed seed
    )
    {
        var random = new Random(seed.Derive("augmentation").ToInt32());
        var patterns = new PatternThinning(thinning, train);
        var times = new OrderedDictionary<(int Row, int Pattern), int>();
        for (var copy = 0; copy < CopiesUnder(thinning); copy++)
        for (var row = 0; row < train.Count; row++)
        {
            var pattern = patterns.Apply(train.Pattern(row), random);
            times[(row, pattern)] = times.GetValueOrDefault((row, pattern)) + 1;
        }
        return [.. times];
    }
}
