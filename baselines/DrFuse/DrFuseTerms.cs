using CausalDebiasing.Baselines.Shared;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines;

/// <summary>The pooling and loss terms of <see cref="DrFuse"/>.</summary>
internal static class DrFuseTerms
{
    /// <summary>Per feature the logit of the mean probability over observed modalities, [N, d].</summary>
    /// <param name="shared">[N, M, d] logits.</param>
    /// <param name="mask">[N, M], at least one 1 per row.</param>
    internal static Tensor Pool(Tensor shared, Tensor mask)
    {
        var absent = mask.eq(0).unsqueeze(-1);
        return logsumexp(LogSigmoid(shared).masked_fill(absent, double.NegativeInfinity), 1)
            - logsumexp(LogSigmoid(-shared).masked_fill(absent, double.NegativeInfinity), 1);
    }

    /// <summary>
    /// Jensen-Shannon divergence of the shared features of all observed modalities as Bernoulli probabilities: the
    /// entropy of the mean probability minus the mean entropy, summed over features, averaged over the rows that
    /// observe at least two modalities; a scalar in nats.
    /// </summary>
    /// <param name="shared">[N, M, d] logits.</param>
    /// <param name="pooled">[N, d] their <see cref="Pool"/>.</param>
    /// <param name="mask">[N, M].</param>
    internal static Tensor Divergence(Tensor shared, Tensor pooled, Tensor mask)
    {
        var count = mask.sum(1);
        var single = (Entropy(shared).sum(2) * mask).sum(1) / count;
        return Masked.Mean(Entropy(pooled).sum(1) - single, count.gt(1).to(ScalarType.Float32));
    }

    /// <summary>2 / M times the sum over m of the mean |cos(s_m, u_m)| over the rows that observe m; a scalar.</summary>
    /// <param name="shared">s [N, M, d].</param>
    /// <param name="distinct">u [N, M, d].</param>
    /// <param name="mask">[N, M].</param>
    internal static Tensor Overlap(Tensor shared, Tensor distinct, Tensor mask)
    {
        var cosine = nn.functional.cosine_similarity(shared, distinct, 2).abs();
        return 2.0 / mask.size(1) * Masked.ColumnMeans(cosine, mask).sum();
    }

    /// <summary>
    /// Margin ranking loss with margin 0: for each pair of tokens, what the token with the smaller loss lacks in
    /// attention against the other, averaged over the rows where it lacks some, and then over the pairs; a scalar.
    /// </summary>
    /// <param name="attention">[N, K], rows sum to 1.</param>
    /// <param name="losses">[N, K] losses of predicting from one token alone.</param>
    /// <param name="available">[N, K], 0 for tokens that take no part.</param>
    internal static Tensor Ranking(Tensor attention, Tensor losses, Tensor available)
    {
        var count = attention.size(1);
        var pairs = triu_indices(count, count, 1);
        var (first, second) = (pairs[0], pairs[1]);
        var difference = attention.index_select(1, first) - attention.index_select(1, second);
        var firstBetter = losses.index_select(1, first).lt(losses.index_select(1, second));
        var both = available.index_select(1, first) * available.index_select(1, second);
        var lack = nn.functional.relu(where(firstBetter, -difference, difference)) * both;
        return Masked.ColumnMeans(lack, lack.gt(0).to(ScalarType.Float32)).mean();
    }

    /// <summary>Entropy of Bernoulli(sigmoid(logit)).</summary>
    private static Tensor Entropy(Tensor logit) =>
        -sigmoid(logit) * LogSigmoid(logit) - sigmoid(-logit) * LogSigmoid(-logit);

    private static Tensor LogSigmoid(Tensor x) => nn.functional.logsigmoid(x);
}
