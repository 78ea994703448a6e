using CausalDebiasing.Cohorts;
using CausalDebiasing.Predictors;
using static TorchSharp.torch;

namespace CausalDebiasing.Networks;

/// <summary>What a backbone is built from.</summary>
/// <param name="Modalities">The M modalities of the training cohort.</param>
/// <param name="Hyperparameters">Values of the declared hyper-parameters.</param>
/// <param name="Random">Source of initial parameter values.</param>
public sealed record BackboneContext(
    IReadOnlyList<Modality> Modalities,
    Hyperparameters Hyperparameters,
    Generator Random
);
