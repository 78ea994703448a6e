using CausalDebiasing.Cohorts;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Networks.Encoders;

/// <summary>One standard encoder per modality; the vectors of missing modalities are zero.</summary>
public sealed class EncoderBank : nn.Module
{
    private readonly ModuleList<ModalityEncoder> encoders;

    /// <summary>Per encoder the modalities that it encodes: one, or several tabular ones of one width.</summary>
    private readonly int[][] groups;

    /// <summary>Encoders of all modalities: two linear layers, a GRU or an embedding table, by the modality's kind.</summary>
    /// <param name="modalities">The M modalities.</param>
    /// <param name="width">Width d of a modality's vector, at least 1.</param>
    /// <param name="random">Source of initial parameter values.</param>
    public EncoderBank(IReadOnlyList<Modality> modalities, int width, Generator random)
        : base(nameof(EncoderBank))
    {
        ModalityEncoder[] single = [.. modalities.Select(modality => For(modality, width, random))];
        groups =
        [
            .. Enumerable
                .Range(0, single.Length)
                .GroupBy(m => single[m] is TabularEncoder ? modalities[m].Width : -1 - m)
                .Select(group => group.ToArray()),
        ];
        encoders = new([.. groups.Select(group => Beside([.. group.Select(m => single[m])]))]);
        Count = single.Length;
        RegisterComponents();
    }

    /// <summary>Number of modalities M.</summary>
    public int Count { get; }

    /// <summary>[N, M, d]: z_m = o_m Enc_m(x_m), with o_m = 1 where the modality is observed and 0 elsewhere.</summary>
    /// <param name="batch">N rows of the modalities that the encoders were made for.</param>
    public Tensor Encode(Batch batch)
    {
        if (Count > 1 && groups.Length == 1)
            return batch.Mask.unsqueeze(-1) * Together(0, batch).transpose(0, 1);
        var vectors = new Tensor[Count];
        for (var g = 0; g < groups.Length; g++)
            if (groups[g] is [var only])
                vectors[only] = encoders[g].call(batch.Values[only]);
            else
                foreach (var (m, own) in groups[g].Zip(Together(g, batch).unbind()))
                    vectors[m] = own;
        return stack(vectors, 1) * batch.Mask.unsqueeze(-1);
    }

    /// <summary>The vectors of a group of modalities, [G, N, d].</summary>
    private Tensor Together(int group, Batch batch) =>
        encoders[group].call(stack([.. groups[group].Select(m => batch.Values[m])]));

    private static ModalityEncoder Beside(ModalityEncoder[] alike) =>
        alike is [var only] ? only : new AlikeEncoders([.. alike.Cast<TabularEncoder>()]);

    /// <summary>The standard encoder of a modality's kind.</summary>
    private static ModalityEncoder For(Modality modality, int width, Generator random) =>
        modality.Kind switch
        {
            ModalityKind.Tabular => new TabularEncoder(modality.Width, width, random),
            ModalityKind.Series => new SeriesEncoder(modality.Width, width, random),
            _ => new CodesEncoder(modality.Width, width, random),
        };
}
