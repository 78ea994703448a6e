using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Risk plus a penalty whose weight is 1 in the first third of training and then the full one. The sum is divided by
/// a weight above 1, as in the code of IRM and V-REx, so that gradients keep their size when the weight jumps.
/// </summary>
internal static class AnnealedPenalty
{
    private const double Start = 1.0 / 3;

    /// <summary>A scalar.</summary>
    internal static Tensor Add(Tensor risk, Tensor penalty, double weight, double progress)
    {
        var now = progress < Start ? 1 : weight;
        return (risk + now * penalty) / Math.Max(1, now);
    }
}
