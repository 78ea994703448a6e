using CausalDebiasing.Baselines.Shared;
using CausalDebiasing.Catalogue;
using CausalDebiasing.Networks;
using CausalDebiasing.Predictors;

namespace CausalDebiasing.Baselines;

/// <summary>
/// FIN, the feature imputation network (arXiv 2505.20232), with all rows in one place: translators T_{j->m} between
/// the modality vectors learn to minimise MSE(T_{j->m}(z_j), z_m), targets as constants, where both are observed; a
/// missing z_m is filled in with the mean of T_{j->m}(z_j) over the observed j, then concatenation and prediction.
/// </summary>
/// <remarks>
/// Deviations: every pair of modalities has a translator (published: one image-to-text pair); perceptrons d - d - d
/// instead of a 6-layer decoder; d = 32, no L2 normalisation; batch 256 and step size 2e-3 instead of 32 and 1e-4,
/// with three local epochs in each round and one round per epoch, as published. Its code is not public.
/// </remarks>
[Baseline(
    "fin",
    Title = "FIN, centralised",
    Year = 2025,
    Paper = "arXiv:2505.20232",
    Family = BaselineFamily.Imputation
)]
[Hyperparameter("width", 32, 16, 128, Logarithmic = true, Step = 8)]
[Hyperparameter("lr", 2e-3, 1e-4, 1e-2, Logarithmic = true)]
public sealed class Fin(BackboneContext context) : FeatureImputation(nameof(Fin), context)
{
    /// <inheritdoc/>
    protected override IReadOnlyList<long[]> Clients(long[] sites) =>
        [
            [.. Enumerable.Range(0, sites.Length).Select(row => (long)row)],
        ];
}
