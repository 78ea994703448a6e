using CausalDebiasing.Networks;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// LfF's row weights w = l_b / (l_b + l_d): rows that the bias-amplified branch finds hard relative to the
/// debiased one. Losses are moving averages per training row, divided by their class's largest
/// (Nam et al. 2020, arXiv 2007.02561, section 3.2). Tempered weights are clipped and scaled to mean 1 per class.
/// </summary>
internal sealed class RelativeDifficulty(int rows, bool tempered)
{
    private const float Lowest = 0.05f;
    private const float Highest = 0.95f;

    private readonly LossMemory biased = new(rows);
    private readonly LossMemory debiased = new(rows);

    /// <summary>Weights of a batch from the current losses of both branches.</summary>
    internal float[] Weights(
        IReadOnlyList<int> batchRows,
        bool[] positive,
        float[] biasedLoss,
        float[] debiasedLoss
    )
    {
        biased.Record(batchRows, positive, biasedLoss);
        debiased.Record(batchRows, positive, debiasedLoss);
        var weights = batchRows.Select(Weight).ToArray();
        if (!tempered)
            return weights;
        foreach (var label in new[] { false, true })
        {
            int[] members = [.. Enumerable.Range(0, weights.Length).Where(i => positive[i] == label)];
            if (members.Length == 0)
                continue;
            var mean = members.Average(i => weights[i]);
            foreach (var i in members)
                weights[i] /= mean;
        }
        return weights;
    }

    private float Weight(int row)
    {
        var hard = biased.Relative(row);
        var weight = hard / (hard + debiased.Relative(row) + 1e-8f);
        return tempered ? Math.Clamp(weight, Lowest, Highest) : weight;
    }
}
