using static TorchSharp.torch;

namespace CausalDebiasing.Predictors;

/// <summary>What a backbone makes of a batch.</summary>
/// <param name="Features">[N, d].</param>
/// <param name="AuxiliaryLoss">A scalar that the backbone adds to the training loss, or null.</param>
public readonly record struct Representation(Tensor Features, Tensor? AuxiliaryLoss = null);
