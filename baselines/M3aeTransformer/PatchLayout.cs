using CausalDebiasing.Baselines.Shared;
using CausalDebiasing.Cohorts;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines;

/// <summary>
/// How a modality is cut into patches: groups of neighbouring features, of neighbouring time steps with all channels,
/// or, for codes, the whole list as one vector over the vocabulary.
/// </summary>
/// <param name="Modality">What is cut.</param>
/// <param name="Patches">Number of patches G.</param>
/// <param name="Size">Entries P of a patch; the last is padded with zeros.</param>
internal sealed record PatchLayout(Modality Modality, int Patches, int Size)
{
    /// <summary>At most <paramref name="patches"/> patches of equal size.</summary>
    internal static PatchLayout Of(Modality modality, int patches)
    {
        var (units, perUnit) = modality.Kind switch
        {
            ModalityKind.Tabular => (modality.Width, 1),
            ModalityKind.Series => (modality.Length, modality.Width),
            _ => (1, modality.Width),
        };
        var size = (units + patches - 1) / patches;
        return new(modality, (units + size - 1) / size, size * perUnit);
    }

    /// <summary>Values and truly observed entries of a batch, both [N, G, P].</summary>
    /// <param name="input">The modality's values.</param>
    /// <param name="present">[N], 1 where the modality is observed.</param>
    internal (Tensor Values, Tensor Observed) Cut(Tensor input, Tensor present)
    {
        var values = InputEntries.Values(Modality, input);
        return (Split(values), Split(InputEntries.Observed(Modality, values, present)));
    }

    private Tensor Split(Tensor entries)
    {
        var padding = (long)Patches * Size - entries.size(1);
        var padded = padding == 0 ? entries : cat([entries, zeros(entries.size(0), padding)], 1);
        return padded.view(-1, Patches, Size);
    }
}
