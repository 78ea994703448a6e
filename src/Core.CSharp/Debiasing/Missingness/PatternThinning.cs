using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>Hides observed modalities of rows at random; rows of which none would be left keep theirs.</summary>
/// <param name="thinning">How.</param>
/// <param name="others">Whose patterns are drawn.</param>
internal sealed class PatternThinning(Thinning thinning, Cohort others)
{
    /// <summary>Whether anything may be hidden.</summary>
    internal bool IsActive => thinning.IsActive;

    /// <summary>The pattern after hiding.</summary>
    internal int Apply(int pattern, Random random)
    {
        if (thinning.Resampling > 0)
            return random.NextDouble() < thinning.Resampling
                ? Shared(pattern, random.Next(others.Count))
                : pattern;
        return ModalityDrop.Thin(pattern, others.Modalities.Count, thinning.Drop, random);
    }

    /// <summary>The mask [N, M] of a batch after hiding.</summary>
    internal Tensor Apply(Tensor mask, Generator random)
    {
        if (thinning.Resampling <= 0)
            return thinning.Drop > 0 ? ModalityDrop.Thin(mask, thinning.Drop, random) : mask;
        var count = mask.size(0);
        var drawn = randint(0, others.Count, [count], generator: random, dtype: ScalarType.Int64)
            .Elements<long>();
        var decided = rand(count, generator: random).Elements<float>();
        int[] kept =
        [
            .. Batch
                .PatternsOf(mask)
                .Select(
                    (pattern, row) =>
                        decided[row] < thinning.Resampling ? Shared(pattern, (int)drawn[row]) : pattern
                ),
        ];
        var flags = MissingnessPattern.ToMask(kept, others.Modalities.Count);
        return tensor([.. flags.Select(isKept => isKept ? 1f : 0f)], mask.shape);
    }

    /// <summary>What a pattern shares with that of another row; unchanged where that is nothing.</summary>
    private int Shared(int pattern, int other) =>
        (pattern & others.Pattern(other)) is var shared && shared == 0 ? pattern : shared;
}
