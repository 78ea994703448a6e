namespace CausalDebiasing.Debiasing;

/// <summary>Predictions with how they were made.</summary>
/// <param name="Probabilities">P(y = 1) for each row, [n], in [0, 1].</param>
/// <param name="Pattern">Whether what missingness patterns tell is in them: the same for all rows.</param>
/// <param name="Reason">One sentence on what that was decided by; it holds no value of a patient.</param>
public sealed record DebiasedPrediction(float[] Probabilities, PatternPart Pattern, string Reason)
{
    /// <summary>What would be predicted without recalibration, [n], in [0, 1]; null where nothing is recalibrated.</summary>
    public float[]? BeforeRecalibration { get; internal init; }
}
