using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines;

/// <summary>
/// The generative model of modality vectors z_m = W_m b + mu_m + eps_m with b ~ N(0, I_k) and
/// eps_m ~ N(0, s_m^2 I), fitted by expectation-maximisation in float64 to rows with any missingness pattern.
/// </summary>
internal sealed class SharedFactorModel : nn.Module
{
    private const double Jitter = 1e-4;
    private const double SmallestVariance = 1e-6;

    private readonly Tensor loadings;
    private readonly Tensor means;
    private readonly Tensor variances;

    internal SharedFactorModel(int modalities, int width, int factors, Generator random)
        : base(nameof(SharedFactorModel))
    {
        loadings = zeros([modalities, width, factors], ScalarType.Float64)
            .normal_(0, 1 / Math.Sqrt(factors), random);
        means = zeros([modalities, width], ScalarType.Float64);
        variances = ones([modalities], ScalarType.Float64);
        register_buffer(nameof(loadings), loadings);
        register_buffer(nameof(means), means);
        register_buffer(nameof(variances), variances);
    }

    /// <summary>W [M, d, k].</summary>
    internal Tensor Loadings => loadings;

    /// <summary>mu [M, d].</summary>
    internal Tensor Means => means;

    /// <summary>s^2 [M].</summary>
    internal Tensor Variances => variances;

    /// <summary>Takes mu_m and s_m^2 from the observed rows and scales the random W_m to s_m.</summary>
    /// <param name="vectors">[N, M, d], float64.</param>
    /// <param name="mask">[N, M], float64; every modality observed at least once.</param>
    internal void Initialise(Tensor vectors, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var shown = mask.unsqueeze(-1);
        means.copy_((vectors * shown).sum([0L]) / shown.sum([0L]));
        var squares = ((vectors - means).square() * shown).sum([0L, 2L]);
        variances.copy_((squares / (mask.sum([0L]) * vectors.size(2))).clamp_min(SmallestVariance));
        loadings.mul_(variances.sqrt().view(-1, 1, 1));
    }

    /// <summary>
    /// E-step: V_i = (I + sum over observed m of W_m'W_m / s_m^2)^-1 and
    /// E[b_i] = V_i sum over observed m of W_m'(z_im - mu_m) / s_m^2.
    /// </summary>
    /// <returns>[N, k] and [N, k, k].</returns>
    internal (Tensor Mean, Tensor Covariance) Posterior(Tensor vectors, Tensor mask)
    {
        var perNoise = loadings / variances.view(-1, 1, 1);
        var information = loadings.transpose(1, 2).bmm(perNoise);
        var identity = eye(loadings.size(2), dtype: ScalarType.Float64);
        // Rows of one pattern share V: inverted once each.
        var bits = pow(2, arange(mask.size(1), ScalarType.Float64));
        var (codes, pattern, _) = (mask * bits).sum([1L]).unique(return_inverse: true);
        var patterns = (codes.unsqueeze(1) / bits).floor().remainder(2);
        var perPattern = linalg.inv(identity + einsum("pm,mkl->pkl", patterns, information));
        var covariance = perPattern.index_select(0, pattern!);
        var centred = (vectors - means) * mask.unsqueeze(-1);
        var projected = einsum("nmd,mdk->nk", centred, perNoise);
        return (covariance.matmul(projected.unsqueeze(-1)).squeeze(-1), covariance);
    }

    /// <summary>Observed vectors as they are, W_m E[b_i] + mu_m in place of the missing ones; [N, M, d].</summary>
    internal Tensor Fill(Tensor vectors, Tensor mask)
    {
        var (mean, _) = Posterior(vectors, mask);
        var expected = einsum("nk,mdk->nmd", mean, loadings) + means;
        return vectors * mask.unsqueeze(-1) + expected * (1 - mask).unsqueeze(-1);
    }

    /// <summary>
    /// One sweep of E-step and M-step. With E = E[b_i], over the rows where m is observed: mu_m = mean(z - W_m E);
    /// W_m = [sum (z - mu_m)E'][sum (V_i + EE')]^-1;
    /// s_m^2 = (sum |z - mu_m|^2 - 2 sum (z - mu_m)'W_m E + tr(W_m'W_m sum (V_i + EE'))) / (n_m d).
    /// </summary>
    internal void Sweep(Tensor vectors, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var (mean, covariance) = Posterior(vectors, mask);
        var (shown, count) = (mask.unsqueeze(-1), mask.sum([0L]));
        var explained = einsum("nk,mdk->nmd", mean, loadings);
        means.copy_(((vectors - explained) * shown).sum([0L]) / count.unsqueeze(-1));
        var moments = covariance + mean.unsqueeze(2) * mean.unsqueeze(1);
        var second = einsum("nm,nkl->mkl", mask, moments);
        var centred = (vectors - means) * shown;
        var cross = einsum("nmd,nk->mdk", centred, mean);
        var ridge = Jitter * eye(loadings.size(2), dtype: ScalarType.Float64);
        loadings.copy_(cross.bmm(linalg.inv(second + ridge)));
        var residual =
            centred.square().sum([0L, 2L])
            - 2 * (cross * loadings).sum([1L, 2L])
            + (loadings.transpose(1, 2).bmm(loadings) * second).sum([1L, 2L]);
        variances.copy_((residual / (count * vectors.size(2))).clamp_min(SmallestVariance));
    }
}
