using CausalDebiasing.Cohorts;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines.Shared;

/// <summary>
/// The inputs of a modality as targets of a reconstruction: standardised numbers in one row, codes as a vector of
/// 0 and 1 over the vocabulary.
/// </summary>
internal static class InputEntries
{
    /// <summary>Number of entries D.</summary>
    internal static int Count(Modality modality) =>
        modality.Kind == ModalityKind.Codes ? modality.Width : modality.Size;

    /// <summary>The entries [N, D].</summary>
    /// <param name="modality">Whose entries.</param>
    /// <param name="input">Its values in a batch.</param>
    internal static Tensor Values(Modality modality, Tensor input)
    {
        if (modality.Kind != ModalityKind.Codes)
            return input.flatten(1);
        var listed = zeros(input.size(0), modality.Width + 1);
        return listed.scatter(1, input.to(ScalarType.Int64), ones_like(input)).narrow(1, 1, modality.Width);
    }

    /// <summary>
    /// [N, D], 1 where the entry was truly observed. A gap inside an observed modality is filled with the mean, which
    /// is exactly 0 after standardisation, so a number counts as observed when it is not 0; that a code is absent from
    /// an observed list is an observation.
    /// </summary>
    /// <param name="modality">Whose entries.</param>
    /// <param name="values">From <see cref="Values"/>.</param>
    /// <param name="present">[N], 1 where the modality is observed.</param>
    internal static Tensor Observed(Modality modality, Tensor values, Tensor present)
    {
        var shown = present.unsqueeze(1).expand_as(values);
        return modality.Kind == ModalityKind.Codes ? shown : shown * values.ne(0).to(ScalarType.Float32);
    }

    /// <summary>Mean squared error over the observed entries; 0 when there are none.</summary>
    internal static Tensor MeanSquaredError(Tensor estimate, Tensor target, Tensor observed) =>
        ((estimate - target).square() * observed).sum() / observed.sum().clamp_min(1);
}
