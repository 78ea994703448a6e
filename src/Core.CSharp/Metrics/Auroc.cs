namespace CausalDebiasing.Metrics;

/// <summary>
/// Area under the receiver operating characteristic curve: the probability that a random row with label 1 is
/// scored above a random row with label 0, ties counting one half (Hanley and McNeil, Radiology 143, 1982).
/// </summary>
public static class Auroc
{
    /// <summary>The area, in [0, 1]; 0.5 for a constant score.</summary>
    /// <param name="labels">n outcomes, each 0 or 1.</param>
    /// <param name="probabilities">n predictions; only their order matters.</param>
    /// <returns>NaN when only one class is present. O(n log n).</returns>
    /// <exception cref="Runtime.InputException">Lengths differ, a label is not 0 or 1, or a prediction is NaN.</exception>
    public static double Compute(ReadOnlySpan<float> labels, ReadOnlySpan<float> probabilities)
    {
        double negativesBelow = 0,
            positives = 0,
            ordered = 0;
        foreach (var group in RankedGroups.Of(labels, probabilities))
        {
            ordered += group.Positives * (negativesBelow + group.Negatives / 2.0);
            negativesBelow += group.Negatives;
            positives += group.Positives;
        }
        return ordered / (positives * negativesBelow);
    }
}
