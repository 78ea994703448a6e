using CausalDebiasing.Baselines.Shared;
using CausalDebiasing.Catalogue;
using CausalDebiasing.Networks;
using CausalDebiasing.Predictors;

namespace CausalDebiasing.Baselines;

/// <summary>
/// M3Care (Zhang et al., KDD 2022; choczhang/M3Care) as its paper describes it: what a patient lacks is filled in
/// from similar patients who have it; equations in <see cref="M3CareNetwork"/>.
/// </summary>
/// <remarks>
/// Deviations. The released code masks the adjacency also by row; see <see cref="M3CareLiteral"/>. No batch
/// normalisation before the kernels, as their bandwidth follows the scale of the vectors; the bandwidth is averaged over pairs
/// of patients who both have the modality, as the others' vectors are zeros here and not encoded placeholders.
/// All modalities may be missing, and each is one vector, so no positions. Width 32 instead of 128 or 256.
/// </remarks>
[Baseline("m3care", Title = "M3Care", Year = 2022, Paper = "KDD 2022", Family = BaselineFamily.Graph)]
[Hyperparameter("width", 32, 16, 128, Logarithmic = true, Step = 8)]
[Hyperparameter("lr", 2e-3, 1e-4, 1e-2, Logarithmic = true)]
[Hyperparameter("theta", 2, -2, 2)]
public sealed class M3Care(BackboneContext context) : M3CareNetwork(nameof(M3Care), context, literal: false);
