using CausalDebiasing.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines;

/// <summary>Multi-head self-attention over tokens [N, T, d] that are all present, without residual or normalisation.</summary>
internal sealed class SelfAttention : nn.Module<Tensor, Tensor>
{
    private readonly int heads;
    private readonly Linear projections;
    private readonly Linear output;

    /// <summary>Attention with <paramref name="heads"/> heads on tokens of <paramref name="width"/>, a multiple of it.</summary>
    internal SelfAttention(int width, int heads, Generator random)
        : base(nameof(SelfAttention))
    {
        this.heads = heads;
        projections = Layers.Linear(random, width, 3 * width, bias: false);
        output = Layers.Linear(random, width, width);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor tokens)
    {
        var (n, count, width) = (tokens.size(0), tokens.size(1), tokens.size(2));
        var parts = projections
            .forward(tokens)
            .view(n, count, 3, heads, width / heads)
            .permute(2, 0, 3, 1, 4)
            .contiguous()
            .unbind();
        var (query, key, value) = (parts[0], parts[1], parts[2]);
        var scores = query.matmul(key.transpose(-2, -1)) / Math.Sqrt((double)width / heads);
        var mixed = nn.functional.softmax(scores, -1).matmul(value);
        return output.forward(mixed.transpose(1, 2).reshape(n, count, width));
    }
}
