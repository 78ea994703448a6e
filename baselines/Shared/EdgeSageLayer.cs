using CausalDebiasing.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines.Shared;

/// <summary>
/// One GraphSAGE layer with edge features, on the complete bipartite layout of N patients and M modalities:
/// message m_ij = ReLU(W [h_j; e_ij]), aggregate a_i = sum_j w_ij m_ij / sum_j w_ij over the neighbours j,
/// update h_i' = ReLU(U [a_i; h_i]), optionally scaled to length 1. Both directions share W and U.
/// </summary>
internal sealed class EdgeSageLayer : nn.Module
{
    private readonly Linear message;
    private readonly Linear update;
    private readonly bool normalise;

    internal EdgeSageLayer(int width, bool normalise, Generator random)
        : base(nameof(EdgeSageLayer))
    {
        message = Layers.Linear(random, 2 * width, width);
        update = Layers.Linear(random, 2 * width, width);
        this.normalise = normalise;
        RegisterComponents();
    }

    /// <summary>New vectors of the nodes that receive.</summary>
    /// <param name="senders">[1, M, d] or [N, 1, d].</param>
    /// <param name="edges">[N, M, d].</param>
    /// <param name="weights">[N, M], non-negative, 0 where there is no edge.</param>
    /// <param name="receivers">[N, d] or [M, d].</param>
    /// <param name="over">The axis of the senders: 1 when patients receive, 0 when modalities do.</param>
    internal Tensor forward(Tensor senders, Tensor edges, Tensor weights, Tensor receivers, int over)
    {
        var messages = nn.functional.relu(message.forward(cat([senders.expand(edges.shape), edges], -1)));
        var sum = (messages * weights.unsqueeze(-1)).sum(over);
        var aggregate = sum / weights.sum(over, keepdim: true).view(-1, 1).clamp_min(1e-12);
        var updated = nn.functional.relu(update.forward(cat([aggregate, receivers], -1)));
        return normalise ? nn.functional.normalize(updated, 2, -1) : updated;
    }
}
