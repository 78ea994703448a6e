using System.Text.Json.Serialization;

namespace CausalDebiasing.Cohorts;

/// <summary>
/// The set R of missingness patterns that an adjustment sums over, with their prior
/// P(r) = (n_r + 1) / (n + |R|) from the training rows. Patterns with fewer rows than
/// max(20, 0.5 % of n) are mapped to the nearest kept one.
/// </summary>
public sealed class PatternTable
{
    private readonly Dictionary<int, int> indices = [];

    /// <summary>A table of the given patterns and their row counts, which are copied.</summary>
    /// <param name="patterns">|R| different patterns (see <see cref="MissingnessPattern"/>), at least one.</param>
    /// <param name="counts">|R| numbers of training rows.</param>
    [JsonConstructor]
    public PatternTable(IReadOnlyList<int> patterns, IReadOnlyList<int> counts)
    {
        Patterns = [.. patterns];
        Counts = [.. counts];
        double total = counts.Sum() + patterns.Count;
        Prior = [.. counts.Select(count => (count + 1) / total)];
    }

    /// <summary>The kept patterns, most frequent first.</summary>
    public IReadOnlyList<int> Patterns { get; }

    /// <summary>Training rows per kept pattern, rare ones included with their nearest.</summary>
    public IReadOnlyList<int> Counts { get; }

    /// <summary>P(r) of every kept pattern; sums to 1.</summary>
    [JsonIgnore]
    public IReadOnlyList<double> Prior { get; }

    /// <summary>Number of kept patterns |R|.</summary>
    [JsonIgnore]
    public int Count => Patterns.Count;

    /// <summary>Position in <see cref="Patterns"/> of a pattern, or of the nearest by Hamming distance (ties: the most frequent).</summary>
    public int IndexOf(int pattern)
    {
        if (indices.TryGetValue(pattern, out var known))
            return known;
        var nearest = Enumerable
            .Range(0, Count)
            .MinBy(i => MissingnessPattern.Distance(Patterns[i], pattern));
        return indices[pattern] = nearest;
    }

    /// <summary>The table of a training cohort.</summary>
    /// <param name="train">At least one row.</param>
    public static PatternTable Fit(Cohort train)
    {
        var frequencies = Enumerable
            .Range(0, train.Count)
            .CountBy(train.Pattern)
            .OrderByDescending(pair => pair.Value)
            .ThenBy(pair => pair.Key)
            .ToArray();
        var least = Math.Max(20, 0.005 * train.Count);
        int[] kept = [.. frequencies.Where(pair => pair.Value >= least).Select(pair => pair.Key)];
        if (kept.Length == 0)
            kept = [frequencies[0].Key];
        var lookup = new PatternTable(kept, new int[kept.Length]);
        var counts = new int[kept.Length];
        foreach (var (pattern, count) in frequencies)
            counts[lookup.IndexOf(pattern)] += count;
        return new(kept, counts);
    }
}
