using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Debiasing;

/// <summary>One number of a patient that practice may leave an imprint on.</summary>
/// <param name="Modality">Position of the modality that it is taken from: missing where that is.</param>
internal abstract record ScoreColumn(int Modality)
{
    /// <summary>The n numbers; NaN where nothing was recorded.</summary>
    internal abstract float[] Read(Cohort cohort);
}
