using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Networks;

/// <summary>
/// The differentiable terms from which objectives are composed. Unless said otherwise a function takes the
/// logits [N] and the outcomes [N] (0 or 1, of the logits' type) and returns one loss per row [N], in nats;
/// reduction and weighting are the caller's.
/// </summary>
/// <remarks>
/// With a single logit, the probability of the observed class is p_y = sigmoid((2y - 1) logit). All terms are
/// computed from log p_y, so that nothing overflows and gradients keep their precision for large logits. Intermediate
/// tensors belong to the caller's dispose scope.
/// </remarks>
public static class Losses
{
    /// <summary>Smallest probability whose logarithm <see cref="MarginalBinaryCrossEntropy"/> takes.</summary>
    internal const double SmallestProbability = 1e-7;

    /// <summary>Cross-entropy -log p_y of every row, [N], in nats.</summary>
    /// <param name="logit">[N].</param>
    /// <param name="y">[N] outcomes, 0 or 1, of the logits' type.</param>
    public static Tensor BinaryCrossEntropy(Tensor logit, Tensor y) => -LogLikelihood(logit, y);

    /// <summary>
    /// The bias-amplifying loss of "Learning from Failure" (LfF; Nam et al., NeurIPS 2020), which trusts easy rows, in the form
    /// in which LfF and DFA (Lee et al., NeurIPS 2021) were released: q p_y^q times cross-entropy, with p_y^q held constant.
    /// Its gradient is q times that of the generalised cross-entropy (1 - p_y^q) / q of Zhang and Sabuncu (NeurIPS 2018).
    /// </summary>
    /// <param name="logit">[N].</param>
    /// <param name="y">[N].</param>
    /// <param name="q">In (0, 1]; 0.7 in both.</param>
    internal static Tensor AmplifiedCrossEntropy(Tensor logit, Tensor y, double q)
    {
        var logLikelihood = LogLikelihood(logit, y);
        return -q * exp(q * logLikelihood.detach()) * logLikelihood;
    }

    /// <summary>
    /// KL(uniform || Bernoulli(sigmoid(logit))) [N], the loss by which CAL (Sui et al., KDD 2022) keeps the
    /// context branch uninformative; 0 at logit 0.
    /// </summary>
    internal static Tensor UniformKl(Tensor logit) =>
        -0.5 * (LogSigmoid(logit) + LogSigmoid(-logit)) - Math.Log(2);

    /// <summary>
    /// Squared cross-covariance ||Zc' H Zb||_F^2 / (n^2 dc db), a scalar, with H = I - 11'/n: 0 exactly when no
    /// feature of one branch is linearly related to one of the other.
    /// </summary>
    /// <param name="zc">Causal features [n, dc].</param>
    /// <param name="zb">Spurious features [n, db].</param>
    internal static Tensor CrossCovariance(Tensor zc, Tensor zb)
    {
        var centred = zc - zc.mean([0], keepdim: true);
        var rows = zc.shape[0];
        return centred.t().matmul(zb).square().sum() / ((double)rows * rows * zc.shape[1] * zb.shape[1]);
    }

    /// <summary>
    /// Jensen-Shannon divergence between the Bernoulli distributions p and q, per row, in [0, ln 2]. Probabilities
    /// are clamped to [1e-7, 1 - 1e-7].
    /// </summary>
    /// <param name="p">Probabilities [N].</param>
    /// <param name="q">Probabilities [N].</param>
    internal static Tensor JensenShannon(Tensor p, Tensor q)
    {
        p = p.clamp(SmallestProbability, 1 - SmallestProbability);
        q = q.clamp(SmallestProbability, 1 - SmallestProbability);
        return Entropy((p + q) / 2) - (Entropy(p) + Entropy(q)) / 2;
    }

    /// <summary>
    /// Backdoor adjustment by the exact sum over patterns (Pearl, Causality, eq. 3.19):
    /// p = sum_r prior_r sigmoid(logit_r), [N].
    /// </summary>
    /// <param name="logits">One logit per row and pattern [N, R].</param>
    /// <param name="prior">P(r) [R], non-negative with sum 1.</param>
    internal static Tensor ExactMarginal(Tensor logits, Tensor prior) => sigmoid(logits).matmul(prior);

    /// <summary>
    /// Cross-entropy of probabilities: -log p_y, where p_y is clamped from below to
    /// <see cref="SmallestProbability"/>. A row beyond the clamp costs 16.1 nats and has no gradient.
    /// </summary>
    /// <param name="p">Probabilities [N], for example of <see cref="ExactMarginal"/>.</param>
    /// <param name="y">Outcomes [N].</param>
    internal static Tensor MarginalBinaryCrossEntropy(Tensor p, Tensor y) =>
        -(y * p + (1 - y) * (1 - p)).clamp_min(SmallestProbability).log();

    private static Tensor LogLikelihood(Tensor logit, Tensor y) => LogSigmoid((2 * y - 1) * logit);

    private static Tensor LogSigmoid(Tensor x) => nn.functional.logsigmoid(x);

    private static Tensor Entropy(Tensor p) => -(p * p.log() + (1 - p) * log1p(-p));
}
