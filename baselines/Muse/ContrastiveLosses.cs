using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines;

/// <summary>
/// Contrastive terms over two views u, v [N, d] of the same rows, unit vectors; scores are s_ij = u_i.v_j / t.
/// Row weights [N] are normalised by their sum; null means equal weights.
/// </summary>
internal static class ContrastiveLosses
{
    /// <summary>Symmetric InfoNCE: the mean of -log softmax_j(s_ij) at j = i over rows, and the same over columns, halved.</summary>
    internal static Tensor Instance(Tensor u, Tensor v, double temperature, Tensor? weights = null)
    {
        var scores = u.matmul(v.t()) / temperature;
        var perRow = (scores.logsumexp(1) + scores.logsumexp(0)) / 2 - scores.diagonal();
        return Mean(perRow, weights);
    }

    /// <summary>
    /// MUSE's supervised term: binary cross-entropy of sigmoid(s_ij) against [y_i = y_j] over all pairs, for the
    /// score matrices of (u, u) twice, (u, v) and (v, u), averaged.
    /// </summary>
    internal static Tensor Supervised(
        Tensor u,
        Tensor v,
        Tensor labels,
        double temperature,
        Tensor? weights = null
    )
    {
        var same = labels.unsqueeze(0).eq(labels.unsqueeze(1)).to(u.dtype);
        var pairs = weights is null ? null : weights.unsqueeze(0) * weights.unsqueeze(1);
        Tensor Term(Tensor first, Tensor second) =>
            Mean(
                nn.functional.binary_cross_entropy_with_logits(
                    first.matmul(second.t()) / temperature,
                    same,
                    reduction: nn.Reduction.None
                ),
                pairs
            );
        // The pairs of (v, u) are those of (u, v).
        return (Term(u, u) + Term(u, v)) / 2;
    }

    private static Tensor Mean(Tensor losses, Tensor? weights) =>
        weights is null ? losses.mean() : (losses * weights).sum() / weights.sum().clamp_min(1e-12);
}
