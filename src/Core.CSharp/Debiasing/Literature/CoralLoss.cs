using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Deep CORAL over sites (Sun and Saenko 2016, arXiv 1607.01719) with first moments, as in DomainBed: mean risk of
/// the sites plus, averaged over pairs of sites, the mean squared difference of the features' means and covariances.
/// </summary>
internal sealed class CoralLoss : IGroupLoss
{
    public Tensor Loss(Tensor features, Tensor logit, Batch batch, double progress)
    {
        var losses = Losses.BinaryCrossEntropy(logit, batch.Labels!);
        var sites = RowGroup.Of(RowGroup.Sites(batch));
        var risk = stack([.. sites.Select(site => site.Mean(losses, batch))]).mean();
        return risk
            + Penalty([
                .. sites.Where(site => site.Count > 1).Select(site => features.index_select(0, site.Rows)),
            ]);
    }

    /// <summary>The mean over pairs of sites; 0 for fewer than two.</summary>
    /// <param name="sites">Features [n_s, d] of each site, n_s at least 2.</param>
    internal static Tensor Penalty(Tensor[] sites)
    {
        var moments = sites.Select(Moments).ToArray();
        Tensor[] distances =
        [
            .. moments.SelectMany(
                (one, i) =>
                    moments
                        .Skip(i + 1)
                        .Select(other =>
                            (one.Mean - other.Mean).square().mean()
                            + (one.Covariance - other.Covariance).square().mean()
                        )
            ),
        ];
        return distances.Length == 0 ? zeros([]) : stack(distances).mean();
    }

    private static (Tensor Mean, Tensor Covariance) Moments(Tensor features)
    {
        var mean = features.mean([0], keepdim: true);
        var centred = features - mean;
        return (mean, centred.t().mm(centred) / (features.size(0) - 1));
    }
}
