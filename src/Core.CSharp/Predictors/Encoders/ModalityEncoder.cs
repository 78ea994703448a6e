using CausalDebiasing.Cohorts;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Predictors.Encoders;

/// <summary>Turns the values of one modality into a vector: z_m in R^d.</summary>
internal abstract class ModalityEncoder(string name) : nn.Module<Tensor, Tensor>(name)
{
    /// <summary>The standard encoder of a modality's kind.</summary>
    public static ModalityEncoder For(Modality modality, int width, Generator random) =>
        modality.Kind switch
        {
            ModalityKind.Tabular => new TabularEncoder(modality.Width, width, random),
            ModalityKind.Series => new SeriesEncoder(modality.Width, width, random),
            _ => new CodesEncoder(modality.Width, width, random),
        };
}
