using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Debiasing;

/// <summary>The modalities that hold numbers, which a linear model can read: tabular and series, not codes.</summary>
internal static class NumericModalities
{
    /// <summary>Their positions, in order.</summary>
    internal static int[] PositionsIn(IReadOnlyList<Modality> modalities) =>
        [.. Enumerable.Range(0, modalities.Count).Where(m => modalities[m].Kind != ModalityKind.Codes)];
}
