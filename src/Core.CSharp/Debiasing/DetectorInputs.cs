using CausalDebiasing.Cohorts;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>The numeric modalities (tabular and series, not codes) of a standardised cohort side by side.</summary>
internal static class DetectorInputs
{
    /// <summary>Positions of the modalities that a linear score can read.</summary>
    internal static int[] Numeric(Cohort cohort) =>
        [
            .. Enumerable
                .Range(0, cohort.Modalities.Count)
                .Where(m => cohort.Modalities[m].Kind != ModalityKind.Codes),
        ];

    /// <summary>[n, features]; zero where a modality is missing.</summary>
    internal static Tensor Features(Cohort standardised) =>
        cat(
            [
                .. Numeric(standardised)
                    .Select(m =>
                        tensor(
                            standardised.Values(m).ToArray(),
                            [standardised.Count, standardised.Modalities[m].Size],
                            ScalarType.Float32
                        )
                    ),
            ],
            1
        );

    /// <summary>[n, M].</summary>
    internal static Tensor Mask(Cohort cohort) =>
        tensor(
            [.. cohort.Mask.ToArray().Select(observed => observed ? 1f : 0f)],
            [cohort.Count, cohort.Modalities.Count],
            ScalarType.Float32
        );
}
