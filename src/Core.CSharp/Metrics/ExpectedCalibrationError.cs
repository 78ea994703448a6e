namespace CausalDebiasing.Metrics;

/// <summary>
/// Expected calibration error over bins of equal mass: the mean over rows of |mean outcome - mean probability|
/// of the row's bin (Naeini, Cooper and Hauskrecht, AAAI 2015; equal mass as in Nixon et al., CVPRW 2019, since
/// with rare outcomes most bins of equal width are empty). Smaller is better.
/// </summary>
/// <remarks>
/// Rows with equal probability are never separated: all of them go to the bin that holds the middle of their
/// ranks. Without ties the bins' sizes differ by one at most; with ties some bins may be larger or empty.
/// The estimate is biased upwards when bins hold few rows.
/// </remarks>
public static class ExpectedCalibrationError
{
    /// <summary>Number of bins unless told otherwise.</summary>
    private const int DefaultBins = 15;

    /// <summary>The error, in [0, 1].</summary>
    /// <param name="labels">n outcomes, each 0 or 1.</param>
    /// <param name="probabilities">n probabilities in [0, 1].</param>
    /// <param name="bins">Number of bins, at least 1; fewer are used when n is smaller.</param>
    /// <returns>NaN when n = 0. O(n log n).</returns>
    /// <exception cref="Runtime.InputException">Lengths differ, a label is not 0 or 1, or a prediction is not in [0, 1].</exception>
    public static double Compute(
        ReadOnlySpan<float> labels,
        ReadOnlySpan<float> probabilities,
        int bins = DefaultBins
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        RankedGroups.CheckProbabilities(labels, probabilities);
        var gaps = new double[bins];
        long start = 0;
        foreach (var group in RankedGroups.Of(labels, probabilities))
        {
            var bin = (2 * start + group.Count) * bins / (2L * labels.Length);
            gaps[bin] += group.Positives - group.Count * group.Score;
            start += group.Count;
        }
        return gaps.Sum(Math.Abs) / labels.Length;
    }
}
