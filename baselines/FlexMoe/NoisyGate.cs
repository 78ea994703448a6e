using CausalDebiasing.Baselines.Shared;
using CausalDebiasing.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines;

/// <summary>
/// Noisy top-k gate over E experts (Shazeer et al., ICLR 2017, eq. 3-5): logits x W_g plus, in training,
/// N(0,1) softplus(x W_n) noise; the k largest go through a softmax, the others get weight 0.
/// </summary>
/// <remarks>
/// The Laplace form of FuseMoE (arXiv:2402.03226) has the logits -||x - W_k||_2 instead of x W_g. The
/// auxiliary loss is Flex-MoE's: the squared coefficients of variation of importance and load, once over the tokens
/// of complete rows and all experts, once over those of incomplete rows and all experts but the first; plus the
/// cross-entropy between the logits of an incomplete row's tokens and the expert of its pattern.
/// </remarks>
internal sealed class NoisyGate : nn.Module
{
    private const double SmallestNoise = 1e-2;

    private readonly Parameter weights;
    private readonly Parameter noise;
    private readonly int top;
    private readonly bool laplace;

    /// <summary>A gate from tokens of <paramref name="width"/> to <paramref name="top"/> of <paramref name="experts"/> experts.</summary>
    internal NoisyGate(int width, int experts, int top, bool laplace, Generator random)
        : base(nameof(NoisyGate))
    {
        this.top = Math.Min(top, experts);
        this.laplace = laplace;
        weights = Layers.Parameter(random, 1 / Math.Sqrt(width), experts, width);
        noise = Layers.Parameter(random, 1 / Math.Sqrt(width), experts, width);
        RegisterComponents();
    }

    /// <summary>Which experts a token goes to and with which weights.</summary>
    /// <param name="Experts">[T, k] (Int64).</param>
    /// <param name="Weights">[T, k], each row sums to 1.</param>
    /// <param name="Loss">The auxiliary loss in training, else null.</param>
    internal readonly record struct Routing(Tensor Experts, Tensor Weights, Tensor? Loss);

    /// <summary>Routes tokens [T, d].</summary>
    /// <param name="tokens">[T, d].</param>
    /// <param name="expert">[T] (Int64) expert of the token's pattern.</param>
    /// <param name="complete">[T], 1 where the token's row observes every modality.</param>
    /// <param name="random">Source of the noise; null when predicting.</param>
    internal Routing Route(Tensor tokens, Tensor expert, Tensor complete, Generator? random)
    {
        var clean = laplace ? LaplaceLogits(tokens, weights) : tokens.mm(weights.t());
        if (random is null)
        {
            var (experts, shares) = TopK(clean, top);
            return new(experts, shares, null);
        }
        var spread = nn.functional.softplus(tokens.mm(noise.t())) + SmallestNoise;
        var noisy = clean + randn(clean.shape, generator: random) * spread;
        var (chosen, chosenShares) = TopK(noisy, top);
        var gates = zeros_like(noisy).scatter(1, chosen, chosenShares);
        var load = Load(clean, noisy, spread, top);
        return new(chosen, chosenShares, AuxiliaryLoss(noisy, gates, load, expert, complete));
    }

    /// <summary>Cross-entropy to the patterns' experts and balance, a scalar.</summary>
    /// <param name="logits">[T, E].</param>
    /// <param name="gates">[T, E] weights, 0 for experts that are not chosen.</param>
    /// <param name="load">[T, E] of <see cref="Load"/>.</param>
    /// <param name="expert">[T] (Int64).</param>
    /// <param name="complete">[T].</param>
    internal static Tensor AuxiliaryLoss(
        Tensor logits,
        Tensor gates,
        Tensor load,
        Tensor expert,
        Tensor complete
    )
    {
        var incomplete = 1 - complete;
        var others = gates.size(1) - 1;
        return Masked.Mean(CrossEntropy(logits, expert), incomplete)
            + Imbalance(gates, load, complete)
            + Imbalance(gates.narrow(1, 1, others), load.narrow(1, 1, others), incomplete);
    }

    /// <summary>-||x - W_k||_2, [T, E].</summary>
    internal static Tensor LaplaceLogits(Tensor tokens, Tensor centres) => -cdist(tokens, centres);

    /// <summary>The k largest logits of each row, [T, k], and the softmax over just those.</summary>
    internal static (Tensor Experts, Tensor Weights) TopK(Tensor logits, int k)
    {
        var (values, experts) = logits.topk(k, 1);
        return (experts, nn.functional.softmax(values, 1));
    }

    /// <summary>
    /// Probability [T, E] that an expert stays among the top k when its noise alone is drawn again (Shazeer et al.,
    /// eq. 8-9); 1 everywhere when all experts are chosen.
    /// </summary>
    internal static Tensor Load(Tensor clean, Tensor noisy, Tensor spread, int k)
    {
        if (k >= noisy.size(1))
            return ones_like(noisy);
        var (values, _) = noisy.topk(k + 1, 1);
        var (last, next) = (values.narrow(1, k - 1, 1), values.narrow(1, k, 1));
        var threshold = where(noisy.gt(next), next, last);
        return 0.5 * (1 + ((clean - threshold) / spread / Math.Sqrt(2)).erf());
    }

    /// <summary>CV(importance)^2 + CV(load)^2 over the marked tokens.</summary>
    private static Tensor Imbalance(Tensor gates, Tensor load, Tensor mask) =>
        SquaredVariation((gates * mask.unsqueeze(1)).sum([0L]))
        + SquaredVariation((load * mask.unsqueeze(1)).sum([0L]));

    /// <summary>Variance (n - 1) over squared mean of a vector; 0 for fewer than two entries.</summary>
    internal static Tensor SquaredVariation(Tensor values)
    {
        if (values.numel() < 2)
            return zeros([]);
        var mean = values.mean();
        return (values - mean).square().sum() / (values.numel() - 1) / (mean.square() + 1e-10);
    }

    private static Tensor CrossEntropy(Tensor logits, Tensor expert) =>
        -nn.functional.log_softmax(logits, 1).gather(1, expert.unsqueeze(1)).squeeze(1);
}
