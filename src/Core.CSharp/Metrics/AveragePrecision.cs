namespace CausalDebiasing.Metrics;

/// <summary>
/// Average precision, the step-wise area under the precision-recall curve (AUPRC): the sum over thresholds t of
/// (recall_t - recall_(t-1)) precision_t. Rows with equal scores pass one threshold together, and nothing is
/// interpolated (Davis and Goadrich, ICML 2006, show why linear interpolation is too optimistic).
/// </summary>
public static class AveragePrecision
{
    /// <summary>The average precision, in (0, 1]; equal to the prevalence for a constant score.</summary>
    /// <param name="labels">n outcomes, each 0 or 1.</param>
    /// <param name="probabilities">n predictions; only their order matters.</param>
    /// <returns>NaN when no label is 1; 1 when all are. O(n log n).</returns>
    /// <exception cref="Runtime.InputException">Lengths differ, a label is not 0 or 1, or a prediction is NaN.</exception>
    public static double Compute(ReadOnlySpan<float> labels, ReadOnlySpan<float> probabilities)
    {
        var groups = RankedGroups.Of(labels, probabilities);
        double flagged = 0,
            found = 0,
            area = 0;
        for (var i = groups.Count - 1; i >= 0; i--)
        {
            flagged += groups[i].Count;
            found += groups[i].Positives;
            area += groups[i].Positives * (found / flagged);
        }
        return area / found;
    }
}
