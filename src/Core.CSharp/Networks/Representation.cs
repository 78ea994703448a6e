using static TorchSharp.torch;

namespace CausalDebiasing.Networks;

/// <summary>What a backbone makes of a batch.</summary>
/// <param name="Features">[N, d].</param>
/// <param name="AuxiliaryLoss">A scalar that the backbone adds to the training loss, or null.</param>
/// <param name="RowWeights">[N] factors of the rows' losses in the head, normalised by their mean; 0 withholds a row's outcome. Null for ones.</param>
public readonly record struct Representation(
    Tensor Features,
    Tensor? AuxiliaryLoss = null,
    Tensor? RowWeights = null
);
