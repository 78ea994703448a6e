using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// How often the values of a modality are shared by other patients, beyond what values near them are: the mean over its
/// columns of the logarithm. A device that rounds coarsely shows here and in no mean.
/// </summary>
internal sealed record SharedValues : ScoreColumn
{
    /// <summary>Distinct values on either side whose median count is what is usual.</summary>
    private const int Neighbours = 10;

    /// <summary>Share of rows whose value must be shared more often than usual, and less often, for a column to count.</summary>
    private const double LeastShare = 0.02;

    private readonly (ScoreColumn Column, float[] Values, float[] Excess)[] columns;

    private SharedValues(int modality, (ScoreColumn, float[], float[])[] columns)
        : base(modality) => this.columns = columns;

    /// <summary>Of the columns of a modality with many values; null where none of them shares some and not others.</summary>
    internal static SharedValues? Fit(Cohort train, int modality, IEnumerable<ScoreColumn> many)
    {
        var columns = many.Select(column => (Column: column, Counts: Counts(column.Read(train))))
            .Select(pair => (pair.Column, pair.Counts, Excess: Excess(pair.Counts.Count)))
            .Where(all => IsMixed(all.Counts.Count, all.Excess))
            .Select(all => (all.Column, all.Counts.Value, all.Excess))
            .ToArray();
        return columns.Length == 0 ? null : new(modality, columns);
    }

    internal override float[] Read(Cohort cohort)
    {
        var (sum, seen) = (new float[cohort.Count], new int[cohort.Count]);
        foreach (var (column, known, excess) in columns)
        {
            var values = column.Read(cohort);
            for (var row = 0; row < values.Length; row++)
            {
                if (float.IsNaN(values[row]))
                    continue;
                var place = Array.BinarySearch(known, values[row]);
                sum[row] += place >= 0 ? excess[place] : 0;
                seen[row]++;
            }
        }
        return [.. sum.Zip(seen, (total, count) => count == 0 ? float.NaN : total / count)];
    }

    private static (float[] Value, int[] Count) Counts(float[] values)
    {
        var counts = values
            .Where(value => !float.IsNaN(value))
            .CountBy(value => value)
            .OrderBy(pair => pair.Key)
            .ToArray();
        return ([.. counts.Select(pair => pair.Key)], [.. counts.Select(pair => pair.Value)]);
    }

    private static float[] Excess(int[] counts) =>
        [
            .. counts.Select(
                (count, i) =>
                {
                    var first = Math.Max(0, i - Neighbours);
                    var near = counts[first..Math.Min(counts.Length, i + Neighbours + 1)];
                    Array.Sort(near);
                    return (float)Math.Log((double)count / near[near.Length / 2]);
                }
            ),
        ];

    private static bool IsMixed(int[] counts, float[] excess)
    {
        var shared = counts.Where((_, i) => excess[i] > Math.Log(2)).Sum();
        var least = LeastShare * counts.Sum();
        return shared > least && counts.Sum() - shared > least;
    }
}
