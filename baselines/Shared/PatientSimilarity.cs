using CausalDebiasing.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines.Shared;

/// <summary>
/// M3Care's patient similarity. Per modality K_m = ((1 - s_m) G(phi_m(z)) + s_m) G(z), elementwise, with
/// s = sigmoid(eps) learned, phi a three-layer network and G a Gaussian kernel; K is the mean over the modalities
/// that both patients have, and entries not above sigmoid(theta) become 0.
/// </summary>
internal sealed class PatientSimilarity : nn.Module
{
    private readonly Sequential network;
    private readonly Parameter mixing;
    private readonly Parameter threshold;

    internal PatientSimilarity(int modalities, int width, double theta, Generator random)
        : base(nameof(PatientSimilarity))
    {
        network = nn.Sequential(
            new GroupedLinear(modalities, width, width, random),
            nn.ReLU(),
            new GroupedLinear(modalities, width, width, random),
            nn.ReLU(),
            new GroupedLinear(modalities, width, width, random)
        );
        using (no_grad())
        {
            mixing = new Parameter(full([modalities, 1, 1], 2f));
            threshold = new Parameter(full([1], (float)theta));
        }
        RegisterComponents();
    }

    /// <summary>The thresholded similarity K [N, N], and how far phi is from keeping norms (a scalar penalty).</summary>
    /// <param name="z">[M, N, d], zero where missing.</param>
    /// <param name="mask">[N, M].</param>
    internal (Tensor Similarity, Tensor NormGap) forward(Tensor z, Tensor mask)
    {
        var present = mask.t().unsqueeze(-1);
        var projected = network.forward(z) * present;
        var share = mixing.sigmoid();
        var kernels = ((1 - share) * Kernel(nn.functional.relu(projected), mask) + share) * Kernel(z, mask);
        var gap = (Norm(projected) - Norm(z)).abs().sum();
        return (Threshold(Average(kernels, mask), threshold.sigmoid()), gap);
    }

    /// <summary>
    /// [M, N, N], the mean of exp(-|a - b|^2 / (c w)) over c in {1/2, 1, 2}; w, held constant, is the mean squared
    /// distance between different patients who have the modality, or 1 when below 0.001.
    /// </summary>
    /// <param name="z">[M, N, d], zero where missing.</param>
    /// <param name="mask">[N, M].</param>
    internal static Tensor Kernel(Tensor z, Tensor mask)
    {
        var norms = z.square().sum([-1L], keepdim: true);
        var count = mask.sum([0L]).view(-1, 1, 1);
        // The sum of |a - b|^2 over ordered pairs is 2 n sum |a|^2 - 2 |sum a|^2.
        var total =
            2
            * (
                count * norms.sum([1L], keepdim: true)
                - z.sum([1L], keepdim: true).square().sum([-1L], keepdim: true)
            );
        var mean = (total / (count * (count - 1)).clamp_min(1)).detach();
        var scale = where(mean.lt(1e-3), ones_like(mean), mean);
        // One product for -|a - b|^2 / 2w: [2a, -|a|^2, -1] with [b, 1, |b|^2], over 2w.
        var one = ones_like(norms);
        var left = cat([2 * z, -norms, -one], -1) / (2 * scale);
        var wide = left.bmm(cat([z, one, norms], -1).transpose(1, 2)).exp();
        var middle = wide.square();
        return (wide + middle + middle.square()) / 3;
    }

    /// <summary>Mean of the kernels [M, N, N] over the modalities that both patients have; 0 without any: [N, N].</summary>
    internal static Tensor Average(Tensor kernels, Tensor mask)
    {
        var shared = mask.t().unsqueeze(2) * mask.t().unsqueeze(1);
        return (kernels * shared).sum([0L]) / mask.matmul(mask.t()).clamp_min(1);
    }

    /// <summary>k where k is above the threshold, else 0; the threshold has the gradient of k - threshold.</summary>
    internal static Tensor Threshold(Tensor similarity, Tensor threshold)
    {
        var excess = nn.functional.relu(similarity - threshold);
        return excess + excess.gt(0).to(similarity.dtype) * threshold.detach();
    }

    private static Tensor Norm(Tensor z) => (z.square().sum([1L, 2L]) + 1e-12).sqrt();
}
