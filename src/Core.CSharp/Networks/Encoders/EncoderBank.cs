using CausalDebiasing.Cohorts;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Networks.Encoders;

/// <summary>One standard encoder per modality; the vectors of missing modalities are zero.</summary>
public sealed class EncoderBank : nn.Module
{
    private readonly ModuleList<ModalityEncoder> encoders;

    /// <summary>Encoders of all modalities: two linear layers, a GRU or an embedding table, by the modality's kind.</summary>
    /// <param name="modalities">The M modalities.</param>
    /// <param name="width">Width d of a modality's vector, at least 1.</param>
    /// <param name="random">Source of initial parameter values.</param>
    public EncoderBank(IReadOnlyList<Modality> modalities, int width, Generator random)
        : base(nameof(EncoderBank))
    {
        encoders = new([.. modalities.Select(modality => For(modality, width, random))]);
        RegisterComponents();
    }

    /// <summary>Number of modalities M.</summary>
    public int Count => encoders.Count;

    /// <summary>[N, M, d]: z_m = o_m Enc_m(x_m), with o_m = 1 where the modality is observed and 0 elsewhere.</summary>
    /// <param name="batch">N rows of the modalities that the encoders were made for.</param>
    public Tensor Encode(Batch batch)
    {
        var vectors = encoders.Select((encoder, m) => encoder.call(batch.Values[m])).ToArray();
        return torch.stack(vectors, 1) * batch.Mask.unsqueeze(-1);
    }

    /// <summary>The standard encoder of a modality's kind.</summary>
    private static ModalityEncoder For(Modality modality, int width, Generator random) =>
        modality.Kind switch
        {
            ModalityKind.Tabular => new TabularEncoder(modality.Width, width, random),
            ModalityKind.Series => new SeriesEncoder(modality.Width, width, random),
            _ => new CodesEncoder(modality.Width, width, random),
        };
}
