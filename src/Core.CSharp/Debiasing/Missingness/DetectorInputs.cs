using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Debiasing;

/// <summary>Which modalities are numeric: tabular and series, not codes.</summary>
internal static class DetectorInputs
{
    /// <summary>Positions of the modalities that a linear score can read.</summary>
    internal static int[] Numeric(IReadOnlyList<Modality> modalities) =>
        [.. Enumerable.Range(0, modalities.Count).Where(m => modalities[m].Kind != ModalityKind.Codes)];
}
