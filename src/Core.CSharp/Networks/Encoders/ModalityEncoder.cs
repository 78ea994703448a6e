using static TorchSharp.torch;

namespace CausalDebiasing.Networks.Encoders;

/// <summary>Turns the values of one modality into a vector: z_m in R^d.</summary>
internal abstract class ModalityEncoder(string name) : nn.Module<Tensor, Tensor>(name);
