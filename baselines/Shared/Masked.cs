using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines.Shared;

/// <summary>Means over the entries that a 0/1 mask marks.</summary>
internal static class Masked
{
    /// <summary>Mean of the marked entries, a scalar; 0 when none is marked.</summary>
    /// <param name="values">Any shape.</param>
    /// <param name="mask">The same shape.</param>
    internal static Tensor Mean(Tensor values, Tensor mask) =>
        (values * mask).sum() / mask.sum().clamp_min(1);

    /// <summary>Mean of the marked entries of each column, [columns]; 0 for a column without any.</summary>
    /// <param name="values">[N, columns].</param>
    /// <param name="mask">[N, columns].</param>
    internal static Tensor ColumnMeans(Tensor values, Tensor mask) =>
        (values * mask).sum([0L]) / mask.sum([0L]).clamp_min(1);
}
