using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// IRMv1 over sites (Arjovsky et al. 2019, arXiv 1907.02893, equation IRMv1): mean risk of the sites plus 100 times
/// the mean squared derivative of a site's risk with respect to a scale of the logits at 1. The square is estimated
/// without bias by the product of the derivatives on the two halves of the site's rows, as in DomainBed.
/// </summary>
internal sealed class IrmLoss : IGroupLoss
{
    private const double Weight = 100;

    public Tensor Loss(Tensor features, Tensor logit, Batch batch, double progress)
    {
        var losses = Losses.BinaryCrossEntropy(logit, batch.Labels!);
        var sites = RowGroup.Of(RowGroup.Sites(batch));
        var risk = stack([.. sites.Select(site => site.Mean(losses, batch))]).mean();
        return AnnealedPenalty.Add(risk, Penalty(sites, logit, batch), Weight, progress);
    }

    /// <summary>The mean over sites; a site with a single row in the batch has none.</summary>
    internal static Tensor Penalty(RowGroup[] sites, Tensor logit, Batch batch)
    {
        // d/ds of the cross-entropy of s * logit at s = 1.
        var slopes = (sigmoid(logit) - batch.Labels!) * logit;
        Tensor[] penalties =
        [
            .. sites
                .Where(site => site.Count > 1)
                .Select(site => site.Half(0).Mean(slopes, batch) * site.Half(1).Mean(slopes, batch)),
        ];
        return penalties.Length == 0 ? logit.new_zeros([]) : stack(penalties).mean();
    }
}
