using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// V-REx over sites (Krueger et al. 2021, arXiv 2003.00688, equation 8): mean of the sites' risks plus 100 times their
/// variance. The weight is that of <see cref="IrmLoss"/>: DomainBed's default of 10 hardly acts in the suite's worlds.
/// </summary>
internal sealed class VRexLoss : IGroupLoss
{
    private const double Weight = 100;

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
