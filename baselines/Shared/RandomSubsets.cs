using System.Numerics;
using CausalDebiasing.Cohorts;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines.Shared;

/// <summary>Random choices of what a network is shown, one per row.</summary>
internal static class RandomSubsets
{
    /// <summary>[N, M] masks drawn uniformly from the non-empty subsets of each row's observed modalities.</summary>
    internal static Tensor NonEmpty(Batch batch, Generator random)
    {
        var modalities = (int)batch.Mask.size(1);
        var uniform = rand([batch.Count], ScalarType.Float64, generator: random).data<double>().ToArray();
        var shown = new float[batch.Count * modalities];
        for (var row = 0; row < batch.Count; row++)
        {
            var pattern = batch.Patterns[row];
            var subsets = (1L << BitOperations.PopCount((uint)pattern)) - 1;
            var chosen = 1 + (long)(uniform[row] * subsets);
            for (var m = 0; m < modalities; m++)
            {
                if ((pattern >> m & 1) == 0)
                    continue;
                shown[row * modalities + m] = chosen & 1;
                chosen >>= 1;
            }
        }
        return tensor(shown, [batch.Count, modalities], ScalarType.Float32);
    }

    /// <summary>A subset of each row's eligible columns with a given number of members, all equally likely.</summary>
    /// <param name="eligible">[N, C], 1 or 0.</param>
    /// <param name="count">[N] members to choose; all eligible ones when there are fewer.</param>
    /// <param name="random">Source of the choice.</param>
    /// <returns>[N, C], 1 where chosen.</returns>
    internal static Tensor OfSize(Tensor eligible, Tensor count, Generator random)
    {
        var scores = where(eligible.gt(0), rand(eligible.shape, generator: random), -1);
        var rank = scores.argsort(-1, descending: true).argsort(-1);
        return rank.lt(count.unsqueeze(1)).to(ScalarType.Float32) * eligible;
    }

    /// <summary>[N, M] masks without k of each row's n observed modalities, k uniform in 0..n-1.</summary>
    internal static Tensor DropSome(Tensor mask, Generator random)
    {
        var observed = mask.sum([1L]);
        var uniform = rand([mask.size(0)], generator: random);
        var dropped = minimum((uniform * observed).floor(), observed - 1);
        return OfSize(mask, observed - dropped, random);
    }
}
