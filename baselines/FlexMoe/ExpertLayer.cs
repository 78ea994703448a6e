using CausalDebiasing.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines;

/// <summary>E two-layer networks of which each token passes only those that it is routed to: y = sum_k w_k f_k(x).</summary>
internal sealed class ExpertLayer : nn.Module
{
    private readonly ModuleList<Sequential> experts;

    /// <summary>Experts on tokens of <paramref name="width"/> with a hidden layer of <paramref name="hidden"/>.</summary>
    internal ExpertLayer(int width, int hidden, int count, Generator random)
        : base(nameof(ExpertLayer))
    {
        experts = new([
            .. Enumerable.Range(0, count).Select(_ => Layers.Perceptron(random, width, hidden, width)),
        ]);
        RegisterComponents();
    }

    /// <summary>The output of one expert for all tokens.</summary>
    internal Tensor Single(int expert, Tensor tokens) => experts[expert].call(tokens);

    /// <summary>The mixture, [T, d].</summary>
    /// <param name="tokens">[T, d].</param>
    /// <param name="chosen">[T, k] (Int64).</param>
    /// <param name="weights">[T, k].</param>
    internal Tensor Mix(Tensor tokens, Tensor chosen, Tensor weights)
    {
        var (count, k) = (chosen.size(0), chosen.size(1));
        var flat = chosen.flatten();
        var (places, outputs) = (new List<Tensor>(), new List<Tensor>());
        for (var expert = 0; expert < experts.Count; expert++)
        {
            var own = flat.eq(expert).nonzero().squeeze(1);
            if (own.numel() == 0)
                continue;
            places.Add(own);
            outputs.Add(experts[expert].call(tokens.index_select(0, own.div(k, RoundingMode.floor))));
        }
        var ordered = cat(outputs, 0).index_select(0, cat(places, 0).argsort());
        return (ordered.view(count, k, -1) * weights.unsqueeze(-1)).sum(1);
    }
}
