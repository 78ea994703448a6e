namespace CausalDebiasing.Metrics;

/// <summary>
/// Mean squared difference between predicted probability and outcome (Brier, Monthly Weather Review 78, 1950,
/// halved to the binary form). Smaller is better.
/// </summary>
public static class BrierScore
{
    /// <summary>The score, in [0, 1]; 0.25 for the constant prediction 1/2.</summary>
    /// <param name="labels">n outcomes, each 0 or 1.</param>
    /// <param name="probabilities">n probabilities in [0, 1].</param>
    /// <returns>NaN when n = 0.</returns>
    /// <exception cref="Runtime.InputException">Lengths differ, a label is not 0 or 1, or a prediction is not in [0, 1].</exception>
    public static double Compute(ReadOnlySpan<float> labels, ReadOnlySpan<float> probabilities)
    {
        RankedGroups.CheckProbabilities(labels, probabilities);
        var sum = 0.0;
        for (var i = 0; i < labels.Length; i++)
        {
            var error = (double)probabilities[i] - labels[i];
            sum += error * error;
        }
        return sum / labels.Length;
    }
}
