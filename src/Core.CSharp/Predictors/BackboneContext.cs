using CausalDebiasing.Cohorts;
using static TorchSharp.torch;

namespace CausalDebiasing.Predictors;

/// <summary>What a backbone is built from.</summary>
/// <param name="Modalities">The M modalities of the training cohort.</param>
/// <param name="Hyperparameters">Values of the declared hyper-parameters.</param>
/// <param name="Random">Source of initial parameter values.</param>
public sealed record BackboneContext(
    IReadOnlyList<Modality> Modalities,
    Hyperparameters Hyperparameters,
    Generator Random
);
