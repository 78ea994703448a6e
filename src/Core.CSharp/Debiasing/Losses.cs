using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

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
    /// <summary>Smallest probability whose logarithm <see cref="MarginalBinaryCrossEntropy(Tensor, Tensor)"/> takes.</summary>
    public const double SmallestProbability = 1e-7;

    /// <summary>Cross-entropy -log p_y.</summary>
    public static Tensor BinaryCrossEntropy(Tensor logit, Tensor y) => -LogLikelihood(logit, y);

    /// <summary>
    /// Generalised cross-entropy (1 - p_y^q) / q of Zhang and Sabuncu (NeurIPS 2018): cross-entropy as
    /// q goes to 0, mean absolute error at q = 1. It trusts easy rows and so amplifies whatever bias is easy.
    /// </summary>
    /// <param name="logit">[N].</param>
    /// <param name="y">[N].</param>
    /// <param name="q">In (0, 1]; 0.7 in "Learning from Failure" (LfF; Nam et al., NeurIPS 2020).</param>
    public static Tensor GeneralisedCrossEntropy(Tensor logit, Tensor y, double q) =>
        (1 - exp(q * LogLikelihood(logit, y))) / q;

    /// <summary>
    /// The form in which LfF and DFA (Lee et al., NeurIPS 2021) were released: q p_y^q times cross-entropy, with
    /// p_y^q held constant. Its gradient is q times that of <see cref="GeneralisedCrossEntropy"/>; its value differs.
    /// </summary>
    /// <param name="logit">[N].</param>
    /// <param name="y">[N].</param>
    /// <param name="q">In (0, 1].</param>
    public static Tensor AmplifiedCrossEntropy(Tensor logit, Tensor y, double q)
    {
        var logLikelihood = LogLikelihood(logit, y);
        return -q * exp(q * logLikelihood.detach()) * logLikelihood;
    }

    /// <summary>
    /// KL(uniform || Bernoulli(sigmoid(logit))) [N], the loss by which CAL (Sui et al., KDD 2022) keeps the
    /// context branch uninformative; 0 at logit 0.
    /// </summary>
    public static Tensor UniformKl(Tensor logit) =>
        -0.5 * (LogSigmoid(logit) + LogSigmoid(-logit)) - Math.Log(2);

    /// <summary>
    /// Squared cross-covariance ||Zc' H Zb||_F^2 / (n^2 dc db), a scalar, with H = I - 11'/n: 0 exactly when no
    /// feature of one branch is linearly related to one of the other.
    /// </summary>
    /// <param name="zc">Causal features [n, dc].</param>
    /// <param name="zb">Spurious features [n, db].</param>
    public static Tensor CrossCovariance(Tensor zc, Tensor zb)
    {
        var centred = zc - zc.mean([0], keepdim: true);
        var rows = zc.shape[0];
        return centred.t().matmul(zb).square().sum() / ((double)rows * rows * zc.shape[1] * zb.shape[1]);
    }

    /// <summary>
    /// Hilbert-Schmidt independence criterion tr(Kc H Kb H) / (n - 1)^2, a scalar (Gretton et al., ALT
    /// 2005), with Gaussian kernels exp(-|a - b|^2 / (2 s^2)). The bandwidth s^2 is the median of the squared
    /// distances between different rows (the lower of two medians) and is held constant. 0 for a single row.
    /// </summary>
    /// <param name="zc">Causal features [n, dc].</param>
    /// <param name="zb">Spurious features [n, db].</param>
    public static Tensor Hsic(Tensor zc, Tensor zb)
    {
        var rows = zc.shape[0];
        if (rows < 2)
            return zc.new_zeros([]);
        var kernel = GaussianKernel(zc);
        var centred =
            kernel - kernel.mean([0], keepdim: true) - kernel.mean([1], keepdim: true) + kernel.mean();
        return (centred * GaussianKernel(zb)).sum() / ((double)(rows - 1) * (rows - 1));
    }

    /// <summary>
    /// Jensen-Shannon divergence between the Bernoulli distributions p and q, per row, in [0, ln 2]. Probabilities
    /// are clamped to [1e-7, 1 - 1e-7].
    /// </summary>
    /// <param name="p">Probabilities [N].</param>
    /// <param name="q">Probabilities [N].</param>
    public static Tensor JensenShannon(Tensor p, Tensor q)
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
    public static Tensor ExactMarginal(Tensor logits, Tensor prior) => sigmoid(logits).matmul(prior);

    /// <summary>
    /// The normalised weighted geometric mean sigmoid(sum_r prior_r logit_r) [N], with which the literature
    /// replaces <see cref="ExactMarginal"/> (Xu et al., ICML 2015; Wang et al., VC R-CNN, CVPR 2020).
    /// The two agree when the logits do not depend on the pattern.
    /// </summary>
    /// <param name="logits">[N, R].</param>
    /// <param name="prior">[R].</param>
    public static Tensor NwgmMarginal(Tensor logits, Tensor prior) => sigmoid(logits.matmul(prior));

    /// <summary>
    /// Cross-entropy of probabilities: -log p_y, where p_y is clamped from below to
    /// <see cref="SmallestProbability"/>. A row beyond the clamp costs 16.1 nats and has no gradient; from
    /// logits, use the overload that needs no clamp.
    /// </summary>
    /// <param name="p">Probabilities [N], for example of <see cref="ExactMarginal"/>.</param>
    /// <param name="y">Outcomes [N].</param>
    public static Tensor MarginalBinaryCrossEntropy(Tensor p, Tensor y) =>
        -(y * p + (1 - y) * (1 - p)).clamp_min(SmallestProbability).log();

    /// <summary>
    /// Cross-entropy of <see cref="ExactMarginal"/> in log space, -log sum_r prior_r p_(y,r): exact for any logit.
    /// </summary>
    /// <param name="logits">[N, R].</param>
    /// <param name="prior">[R], positive with sum 1.</param>
    /// <param name="y">Outcomes [N].</param>
    public static Tensor MarginalBinaryCrossEntropy(Tensor logits, Tensor prior, Tensor y) =>
        -logsumexp(prior.log() + LogLikelihood(logits, y.unsqueeze(1)), 1);

    private static Tensor LogLikelihood(Tensor logit, Tensor y) => LogSigmoid((2 * y - 1) * logit);

    private static Tensor LogSigmoid(Tensor x) => nn.functional.logsigmoid(x);

    private static Tensor Entropy(Tensor p) => -(p * p.log() + (1 - p) * log1p(-p));

    private static Tensor GaussianKernel(Tensor z)
    {
        var rows = z.shape[0];
        var centred = z - z.mean([0], keepdim: true).detach();
        var norms = centred.square().sum(1);
        var distances = (norms.unsqueeze(0) + norms.unsqueeze(1) - 2 * centred.matmul(centred.t())).clamp_min(
            0
        );
        var pairs = triu_indices(rows, rows, 1, device: z.device);
        var bandwidth = distances.detach().index([pairs[0], pairs[1]]).median().clamp_min(1e-12);
        return exp(distances / (-2 * bandwidth));
    }
}
