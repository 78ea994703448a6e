using CausalDebiasing.Runtime;

namespace CausalDebiasing.Metrics;

/// <summary>Rows that share one score: how many there are and how many of them have label 1.</summary>
internal readonly record struct RankedGroup(int Count, int Positives, double Score)
{
    public int Negatives => Count - Positives;
}

/// <summary>The common first step of every metric: checks the input and, for ranks, sorts it once.</summary>
internal static class RankedGroups
{
    /// <summary>The groups of equal score, by ascending score. O(n log n).</summary>
    public static List<RankedGroup> Of(ReadOnlySpan<float> labels, ReadOnlySpan<float> scores)
    {
        Check(labels, scores);
        var keys = scores.ToArray();
        var items = labels.ToArray();
        Array.Sort(keys, items);
        var groups = new List<RankedGroup>();
        for (int start = 0, end; start < keys.Length; start = end)
        {
            var positives = 0;
            for (end = start; end < keys.Length && keys[end] == keys[start]; end++)
                positives += (int)items[end];
            groups.Add(new(end - start, positives, keys[start]));
        }
        return groups;
    }

    /// <summary>Refuses unequal lengths, labels other than 0 and 1, and scores that are not numbers.</summary>
    public static void Check(ReadOnlySpan<float> labels, ReadOnlySpan<float> scores)
    {
        if (labels.Length != scores.Length)
            throw new InputException(
                $"There are {labels.Length} labels but {scores.Length} predictions; a metric needs one prediction per label."
            );
        int notBinary = 0,
            notNumbers = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] is not (0 or 1))
                notBinary++;
            if (float.IsNaN(scores[i]))
                notNumbers++;
        }
        if (notBinary > 0)
            throw new InputException(
                $"{notBinary} of {labels.Length} labels are neither 0 nor 1; metrics are for binary outcomes."
            );
        if (notNumbers > 0)
            throw new InputException(
                $"{notNumbers} of {labels.Length} predictions are NaN; check the predictor's training for divergence."
            );
    }

    /// <summary>In addition to <see cref="Check"/>, refuses scores outside [0, 1].</summary>
    public static void CheckProbabilities(ReadOnlySpan<float> labels, ReadOnlySpan<float> probabilities)
    {
        Check(labels, probabilities);
        var outside = 0;
        foreach (var probability in probabilities)
            if (probability is < 0 or > 1)
                outside++;
        if (outside > 0)
            throw new InputException(
                $"{outside} of {labels.Length} predictions lie outside [0, 1]; this metric needs probabilities, not scores."
            );
    }
}
