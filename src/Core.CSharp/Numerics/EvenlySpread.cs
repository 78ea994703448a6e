namespace CausalDebiasing.Numerics;

/// <summary>Some of many positions.</summary>
internal static class EvenlySpread
{
    /// <summary>At most so many of n positions, evenly spread; all of them where they are no more.</summary>
    internal static int[] Of(int count, int most) =>
        [
            .. Enumerable
                .Range(0, Math.Min(count, most))
                .Select(i => (int)((long)i * count / Math.Min(count, most))),
        ];
}
