using static TorchSharp.torch;

namespace CausalDebiasing.Baselines;

/// <summary>Random removal of observed modalities from a mask [N, M]; every row keeps at least one.</summary>
internal static class EdgeDrop
{
    /// <summary>
    /// MUSE's released edge drop: half the rows stay as they are; any other row with n observed entries keeps a
    /// random k of them, k uniform on 1..n-1.
    /// </summary>
    internal static Tensor HalfTheRows(Tensor mask, Generator random)
    {
        var (rows, columns) = (mask.size(0), mask.size(1));
        var observed = mask.sum(1);
        var fewer = (rand([rows], generator: random) * (observed - 1)).floor() + 1;
        var untouched = rand([rows], generator: random).lt(0.5);
        var kept = where(untouched, observed, fewer);
        // Absent entries rank behind all observed ones.
        var order = rand([rows, columns], generator: random) + 2 * (1 - mask);
        var ranks = order.argsort(1).argsort(1);
        return mask * ranks.lt(kept.unsqueeze(1)).to(ScalarType.Float32);
    }
}
