using CausalDebiasing.Cohorts;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>V-REx over sites (Krueger et al. 2021, arXiv 2003.00688, equation 8): mean of the sites' risks plus 10 times their variance.</summary>
internal sealed class VRexLoss : IGroupLoss
{
    private const double Weight = 10;

    public Tensor Loss(Tensor features, Tensor logit, Batch batch, double progress)
    {
        var losses = Losses.BinaryCrossEntropy(logit, batch.Labels!);
        var sites = RowGroup.Of(RowGroup.Sites(batch));
        var risks = stack([.. sites.Select(site => site.Mean(losses, batch))]);
        return AnnealedPenalty.Add(risks.mean(), Variance(risks), Weight, progress);
    }

    /// <summary>The population variance of the risks [S].</summary>
    internal static Tensor Variance(Tensor risks) => (risks - risks.mean()).square().mean();
}
