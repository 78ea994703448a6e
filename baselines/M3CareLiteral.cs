using CausalDebiasing.Baselines.Shared;
using CausalDebiasing.Catalogue;
using CausalDebiasing.Networks;
using CausalDebiasing.Predictors;

namespace CausalDebiasing.Baselines;

/// <summary>
/// M3Care as released (choczhang/M3Care): the adjacency is multiplied by o_i o_j, so the row of a patient who lacks a
/// modality is zero and what is filled in is the same constant for all. Everything else as <see cref="M3Care"/>.
/// </summary>
[Baseline(
    "m3care-literal",
    Title = "M3Care (as released)",
    Year = 2022,
    Paper = "KDD 2022, choczhang/M3Care",
    Family = BaselineFamily.Graph
)]
[Hyperparameter("width", 32, 16, 128, Logarithmic = true, Step = 8)]
[Hyperparameter("lr", 2e-3, 1e-4, 1e-2, Logarithmic = true)]
[Hyperparameter("theta", 2, -2, 2)]
public sealed class M3CareLiteral(BackboneContext context)
    : M3CareNetwork(nameof(M3CareLiteral), context, literal: true);
