using CausalDebiasing.Debiasing;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines.Shared;

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
    /// Jensen-Shannon divergence between the shared features of two modalities as Bernoulli probabilities, summed over
    /// features, averaged over the rows that observe both, and then over the pairs; a scalar, 0 for one modality.
    /// </summary>
    /// <param name="probabilities">[N, M, d].</param>
    /// <param name="mask">[N, M].</param>
    internal static Tensor Divergence(Tensor probabilities, Tensor mask)
    {
        var (first, second) = Pairs(mask.size(1));
        var divergence = Losses
            .JensenShannon(probabilities.index_select(1, first), probabilities.index_select(1, second))
            .sum(-1);
        var both = mask.index_select(1, first) * mask.index_select(1, second);
        return Masked.ColumnMeans(divergence, both).sum() / Math.Max(1, first.numel());
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
        var (first, second) = Pairs(attention.size(1));
        var difference = attention.index_select(1, first) - attention.index_select(1, second);
        var firstBetter = losses.index_select(1, first).lt(losses.index_select(1, second));
        var both = available.index_select(1, first) * available.index_select(1, second);
        var lack = nn.functional.relu(where(firstBetter, -difference, difference)) * both;
        return Masked.ColumnMeans(lack, lack.gt(0).to(ScalarType.Float32)).mean();
    }

    private static (Tensor First, Tensor Second) Pairs(long count)
    {
        var pairs = triu_indices(count, count, 1);
        return (pairs[0], pairs[1]);
    }

    private static Tensor LogSigmoid(Tensor x) => nn.functional.logsigmoid(x);
}
