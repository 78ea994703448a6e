using System.Numerics;

namespace CausalDebiasing.Cohorts;

/// <summary>A missingness pattern r as an integer: r = sum over modalities m of o_m 2^m, o_m = 1 when observed.</summary>
public static class MissingnessPattern
{
    /// <summary>The pattern of one row of a mask.</summary>
    /// <param name="mask">n * M flags, row-major: whether the modality was observed.</param>
    /// <param name="row">From 0.</param>
    /// <param name="modalities">M, at most <see cref="Cohort.MaxModalities"/>.</param>
    public static int Of(ReadOnlySpan<bool> mask, int row, int modalities)
    {
        var pattern = 0;
        for (var m = 0; m < modalities; m++)
            if (mask[row * modalities + m])
                pattern |= 1 << m;
        return pattern;
    }

    /// <summary>The mask of rows with the given patterns, [n * M], row-major: the inverse of <see cref="Of"/>.</summary>
    internal static bool[] ToMask(IReadOnlyList<int> patterns, int modalities)
    {
        var mask = new bool[patterns.Count * modalities];
        for (var row = 0; row < patterns.Count; row++)
        for (var m = 0; m < modalities; m++)
            mask[row * modalities + m] = (patterns[row] >> m & 1) == 1;
        return mask;
    }

    /// <summary>Number of modalities in which two patterns differ (Hamming distance).</summary>
    internal static int Distance(int a, int b) => BitOperations.PopCount((uint)(a ^ b));

    /// <summary>For example <c>1101</c>: one character per modality, first modality first, 1 = observed.</summary>
    internal static string Format(int pattern, int modalities) =>
        string.Concat(Enumerable.Range(0, modalities).Select(m => (pattern >> m & 1) == 1 ? '1' : '0'));
}
