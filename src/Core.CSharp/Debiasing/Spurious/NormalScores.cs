using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;
using MathNet.Numerics.Distributions;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// The recorded numbers of patients on one scale: every column by its rank among the training rows, as the quantile of a
/// standard normal (van der Waerden's normal scores). Ties are broken at random, so that a 0/1 column takes part without
/// being two clusters; skew and gross errors vanish. Of a series the columns are the channels' means over the steps, of
/// codes whether each of the frequent ones is there.
/// </summary>
internal sealed class NormalScores
{
    /// <summary>Rows below which a column tells nothing.</summary>
    private const int LeastRows = 40;

    private const int MostCodes = 64;
    private const double LeastCodeShare = 0.02;

    /// <summary>Columns of all modalities together, and of each at least.</summary>
    private const int MostColumns = 96,
        LeastColumns = 6;

    /// <summary>A column of at most so many values could itself be the kind of a patient.</summary>
    private const int FewValues = 10;

    /// <summary>Of two columns of few values that go together more than this the first is enough: together they are clusters.</summary>
    private const double MostCorrelation = 0.7;

    private readonly ScoreColumn[] columns;
    private readonly float[][] sorted;
    private readonly Seed seed;

    private NormalScores(ScoreColumn[] columns, float[][] sorted, Seed seed) =>
        (this.columns, this.sorted, this.seed) = (columns, sorted, seed);

    /// <summary>Number of columns p.</summary>
    internal int Width => columns.Length;

    /// <summary>The modality of every column.</summary>
    internal int[] Modalities => [.. columns.Select(column => column.Modality)];

    /// <summary>Whether the values of every column are few.</summary>
    internal bool[] HasFewValues =>
        [.. columns.Select((column, j) => column is RecordedColumn && HaveFewValues(sorted[j]))];

    /// <summary>Whether every column is an imprint that moves no mean, rather than recorded.</summary>
    internal bool[] IsImprint => [.. columns.Select(column => column is not RecordedColumn)];

    /// <summary>
    /// Learns the ranks of training rows. Of each modality the recorded columns are kept that are recorded most often; those with one
    /// value, with few rows, or that repeat another of few values are left out.
    /// </summary>
    internal static NormalScores Fit(Cohort train, Seed seed)
    {
        var (kept, ranks, repeated) = (new List<ScoreColumn>(), new List<float[]>(), new List<float[]>());
        var most = Math.Max(LeastColumns, MostColumns / Math.Max(1, train.Modalities.Count));
        for (var m = 0; m < train.Modalities.Count; m++)
        {
            var candidates = RecordedColumn
                .Of(train, m, MostCodes, LeastCodeShare)
                .Select(column => (Column: (ScoreColumn)column, Values: column.Read(train)))
                .Select(pair => (pair.Column, pair.Values, Sorted: Sorted(pair.Values)))
                .Where(all => all.Sorted.Length >= LeastRows && all.Sorted[0] != all.Sorted[^1])
                .OrderByDescending(all => all.Sorted.Length);
            var left = most;
            foreach (var (column, values, sorted) in candidates)
            {
                var hasFew = HaveFewValues(sorted);
                if (
                    left == 0
                    || hasFew && repeated.Any(other => Math.Abs(Correlation(other, values)) > MostCorrelation)
                )
                    continue;
                kept.Add(column);
                ranks.Add(sorted);
                left--;
                if (hasFew)
                    repeated.Add(values);
            }
        }
        return new([.. kept], [.. ranks], seed);
    }

    /// <summary>
    /// These columns and, of every modality, those on which an imprint that moves no mean shows; the same columns where
    /// there is none.
    /// </summary>
    internal NormalScores WithImprints(Cohort train)
    {
        var imprints = Enumerable
            .Range(0, columns.Length)
            .Where(j => columns[j] is RecordedColumn && !HaveFewValues(sorted[j]))
            .GroupBy(j => columns[j].Modality)
            .SelectMany(own =>
                new ScoreColumn?[]
                {
                    SharedValues.Fit(train, own.Key, own.Select(j => columns[j])),
                    LeadingSpread.Fit(train, own.Key, [.. own.Select(j => (columns[j], sorted[j]))]),
                }
            )
            .OfType<ScoreColumn>()
            .Select(column => (Column: column, Sorted: Sorted(column.Read(train))))
            .Where(all => all.Sorted.Length >= LeastRows && all.Sorted[0] != all.Sorted[^1])
            .ToArray();
        return new(
            [.. columns, .. imprints.Select(all => all.Column)],
            [.. sorted, .. imprints.Select(all => all.Sorted)],
            seed
        );
    }

    private static float[] Sorted(float[] values)
    {
        float[] own = [.. values.Where(value => !float.IsNaN(value))];
        Array.Sort(own);
        return own;
    }

    private static bool HaveFewValues(float[] sorted)
    {
        var distinct = 1;
        for (var i = 1; i < sorted.Length && distinct <= FewValues; i++)
            if (sorted[i] != sorted[i - 1])
                distinct++;
        return distinct <= FewValues;
    }

    /// <summary>Over the rows that have both; 0 where one does not vary there.</summary>
    private static double Correlation(float[] left, float[] right)
    {
        var (n, a, b, aa, bb, ab) = (0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for (var row = 0; row < left.Length; row++)
        {
            if (float.IsNaN(left[row]) || float.IsNaN(right[row]))
                continue;
            n++;
            (a, b) = (a + left[row], b + right[row]);
            (aa, bb, ab) = (
                aa + left[row] * left[row],
                bb + right[row] * right[row],
                ab + left[row] * right[row]
            );
        }
        var variances = (n * aa - a * a) * (n * bb - b * b);
        return variances > 0 ? (n * ab - a * b) / Math.Sqrt(variances) : 0;
    }

    /// <summary>[n * p], row-major; NaN where nothing was recorded.</summary>
    /// <param name="cohort">The rows.</param>
    /// <param name="name">Of the draw that breaks ties.</param>
    internal double[] Of(Cohort cohort, string name)
    {
        var scores = new double[cohort.Count * Width];
        for (var j = 0; j < Width; j++)
        {
            var random = new Random(seed.Derive(name, j).ToInt32());
            var values = columns[j].Read(cohort);
            for (var row = 0; row < values.Length; row++)
                scores[row * Width + j] = NormalScore.Of(sorted[j], values[row], random.NextDouble());
        }
        return scores;
    }
}
