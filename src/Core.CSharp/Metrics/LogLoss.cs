namespace CausalDebiasing.Metrics;

/// <summary>Mean negative log-likelihood of the outcomes, in nats. Smaller is better.</summary>
public static class LogLoss
{
    /// <summary>
    /// Probabilities are clipped to [1e-7, 1 - 1e-7], so that one certain and wrong prediction costs 16.1 nats
    /// rather than infinitely many.
    /// </summary>
    private const double Clip = 1e-7;

    /// <summary>The loss, in [0, 16.2]; ln 2 for the constant prediction 1/2.</summary>
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
            var probability = Math.Clamp((double)probabilities[i], Clip, 1 - Clip);
            sum -= Math.Log(labels[i] == 1 ? probability : 1 - probability);
        }
        return sum / labels.Length;
    }
}
