using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Networks.Encoders;

/// <summary>A pre-norm Transformer layer over modality tokens [N, M, d] in which absent tokens are not attended to.</summary>
public sealed class AttentionLayer : nn.Module
{
    private readonly int heads;
    private readonly Linear projections;
    private readonly Linear output;
    private readonly Sequential feedForward;
    private readonly LayerNorm beforeAttention;
    private readonly LayerNorm beforeFeedForward;

    /// <summary>A layer with a feed-forward part of twice the tokens' width.</summary>
    /// <param name="width">Width d of a token, a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">Number of heads, at least 1.</param>
    /// <param name="random">Source of initial parameter values.</param>
    public AttentionLayer(int width, int heads, Generator random)
        : base(nameof(AttentionLayer))
    {
        this.heads = heads;
        projections = Layers.Linear(random, width, 3 * width);
        output = Layers.Linear(random, width, width);
        feedForward = Layers.Perceptron(random, width, 2 * width, width);
        beforeAttention = nn.LayerNorm([width]);
        beforeFeedForward = nn.LayerNorm([width]);
        RegisterComponents();
    }

    /// <summary>So many layers alike, for one after the other.</summary>
    /// <param name="count">At least 1.</param>
    /// <param name="width">Width d of a token, a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">Number of heads, at least 1.</param>
    /// <param name="random">Source of initial parameter values.</param>
    public static ModuleList<AttentionLayer> Stack(int count, int width, int heads, Generator random) =>
        new([.. Enumerable.Range(0, count).Select(_ => new AttentionLayer(width, heads, random))]);

    /// <summary>New tokens [N, M, d].</summary>
    /// <param name="tokens">[N, M, d].</param>
    /// <param name="mask">[N, M], 1 where the token is present; null when all are.</param>
    public Tensor forward(Tensor tokens, Tensor? mask)
    {
        var (n, count, width) = (tokens.size(0), tokens.size(1), tokens.size(2));
        var parts = projections
            .forward(beforeAttention.forward(tokens))
            .view(n, count, 3, heads, width / heads)
            .permute(2, 0, 3, 1, 4)
            .contiguous()
            .unbind();
        var (query, key, value) = (parts[0], parts[1], parts[2]);
        var scores = query.matmul(key.transpose(-2, -1)).div_(Math.Sqrt((double)width / heads));
        if (mask is not null)
            scores.add_((mask - 1).mul_(1e9).view(n, 1, 1, count));
        var attention = nn.functional.softmax(scores, -1);
        var mixed = attention.matmul(value).transpose(1, 2).reshape(n, count, width);
        var attended = tokens + output.forward(mixed);
        return attended + feedForward.forward(beforeFeedForward.forward(attended));
    }
}
