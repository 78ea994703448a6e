using CausalDebiasing.Cohorts;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Networks.Encoders;

/// <summary>One standard encoder per modality; the vectors of missing modalities are zero.</summary>
public sealed class EncoderBank : nn.Module
{
    private readonly ModuleList<ModalityEncoder> encoders;

    /// <summary>Encoders of all modalities into vectors of <paramref name="width"/>.</summary>
    public EncoderBank(IReadOnlyList<Modality> modalities, int width, Generator random)
        : base(nameof(EncoderBank))
    {
        Width = width;
        encoders = new([.. modalities.Select(modality => For(modality, width, random))]);
        RegisterComponents();
    }

    /// <summary>Width d of a modality's vector.</summary>
    public int Width { get; }

    /// <summary>Number of modalities M.</summary>
    public int Count => encoders.Count;

    /// <summary>[N, M, d]: z_m = o_m Enc_m(x_m).</summary>
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
