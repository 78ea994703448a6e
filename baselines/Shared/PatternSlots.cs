using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines.Shared;

/// <summary>
/// A fixed number of places for what is learned per missingness pattern: the complete pattern has place 0, the most
/// frequent incomplete patterns of the training rows follow, and every other pattern shares the place of the nearest
/// (Hamming distance; ties: complete, then most frequent). With up to 4 modalities no observed pattern has to share.
/// </summary>
internal sealed class PatternSlots : nn.Module
{
    private const int Most = 16;

    private readonly int complete;
    private readonly Tensor patterns;

    /// <summary>Places for the patterns of <paramref name="modalities"/> modalities; call <see cref="Fit"/> before use.</summary>
    internal PatternSlots(int modalities)
        : base(nameof(PatternSlots))
    {
        Count = modalities > 4 ? Most : (1 << modalities) - 1;
        complete = (1 << modalities) - 1;
        patterns = zeros(Count, dtype: ScalarType.Int64);
        patterns[0] = complete;
        register_buffer("patterns", patterns);
        RegisterComponents();
    }

    /// <summary>Number of places S = min(2^M - 1, 16); those beyond the number of training patterns stay unused.</summary>
    internal int Count { get; }

    /// <summary>Takes the patterns of the training rows.</summary>
    internal void Fit(TrainingRows rows)
    {
        var seen = new Dictionary<int, int>();
        rows.ForEach(
            1024,
            batch =>
            {
                foreach (var pattern in batch.Patterns)
                    seen[pattern] = seen.GetValueOrDefault(pattern) + 1;
            }
        );
        var kept = seen.Where(pair => pair.Key != complete)
            .OrderByDescending(pair => pair.Value)
            .ThenBy(pair => pair.Key)
            .Take(Count - 1)
            .Select(pair => (long)pair.Key)
            .ToArray();
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        patterns.narrow(0, 1, kept.Length).copy_(tensor(kept, ScalarType.Int64));
    }

    /// <summary>[N] (Int64) places of the rows' patterns, in [0, <see cref="Count"/>).</summary>
    internal Tensor IndexOf(IReadOnlyList<int> rows)
    {
        int[] kept =
        [
            .. patterns.data<long>().TakeWhile(pattern => pattern != 0).Select(pattern => (int)pattern),
        ];
        var table = new PatternTable(kept, new int[kept.Length]);
        return tensor([.. rows.Select(pattern => (long)table.IndexOf(pattern))], ScalarType.Int64);
    }
}
