using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Rows as the practice model sees them: n rows of p normal scores with outcomes and sites. Rows with the same recorded
/// columns share a pattern, and those with the same outcome and site too a cell, so that most sums are over cells.
/// </summary>
internal sealed class PracticeRows : IDisposable
{
    private readonly int[] patternOfRow;

    private PracticeRows(Tensor values, Tensor patterns, int[] patternOfRow, int[] outcomes, int[] sites)
    {
        this.patternOfRow = patternOfRow;
        (Values, Patterns, Outcomes, Sites) = (values, patterns, outcomes, sites);
        var cells = new Dictionary<(int, int, int), int>();
        var cellOfRow = new long[Count];
        for (var row = 0; row < cellOfRow.Length; row++)
        {
            var key = (patternOfRow[row], outcomes[row], sites[row]);
            cells.TryAdd(key, cells.Count);
            cellOfRow[row] = cells[key];
        }
        Cells = [.. cells.OrderBy(pair => pair.Value).Select(pair => pair.Key)];
        CellOfRow = tensor(cellOfRow);
        PatternOfRow = tensor([.. patternOfRow.Select(pattern => (long)pattern)]);
        PatternOfCell = tensor([.. Cells.Select(cell => (long)cell.Pattern)]);
        Groups = tensor([.. sites.Select((e, row) => 2L * e + outcomes[row])]);
        OutcomeOfRow = tensor([.. outcomes.Select(y => (long)y)], [Count, 1]);
        SiteOfRow = tensor([.. sites.Select(e => (long)e)], [Count, 1]);
        SumsByCell = zeros(Cells.Count, Width, ScalarType.Float64).index_add_(0, CellOfRow, values, 1);
        Squares = values.square().sum([0L]);
    }

    /// <summary>Number of rows n.</summary>
    internal int Count => Outcomes.Length;

    /// <summary>Number of columns p.</summary>
    internal int Width => (int)Values.size(1);

    /// <summary>n outcomes, 0 or 1.</summary>
    internal int[] Outcomes { get; }

    /// <summary>n sites, from 0.</summary>
    internal int[] Sites { get; }

    /// <summary>[n, p], Float64, 0 where nothing was recorded.</summary>
    internal Tensor Values { get; }

    /// <summary>[U, p], Float64, 1 where something was recorded.</summary>
    internal Tensor Patterns { get; }

    /// <summary>[n], Int64.</summary>
    internal Tensor PatternOfRow { get; }

    /// <summary>Pattern, outcome and site of the C cells.</summary>
    internal IReadOnlyList<(int Pattern, int Outcome, int Site)> Cells { get; }

    /// <summary>[n], Int64.</summary>
    internal Tensor CellOfRow { get; }

    /// <summary>[C], Int64.</summary>
    internal Tensor PatternOfCell { get; }

    /// <summary>Position of site and outcome in tables of both, [n], Int64.</summary>
    internal Tensor Groups { get; }

    /// <summary>[n, 1], Int64.</summary>
    internal Tensor OutcomeOfRow { get; }

    /// <summary>[n, 1], Int64.</summary>
    internal Tensor SiteOfRow { get; }

    /// <summary>Sums of the values of every cell, [C, p].</summary>
    internal Tensor SumsByCell { get; }

    /// <summary>Sums of the squared values, [p].</summary>
    internal Tensor Squares { get; }

    /// <summary>[n, p], Float64, 1 where something was recorded.</summary>
    internal Tensor Observed => Patterns.index_select(0, PatternOfRow);

    /// <summary>Of scores, [n * p], NaN where nothing was recorded.</summary>
    internal static PracticeRows Of(double[] scores, int[] outcomes, int[] sites)
    {
        var width = scores.Length / Math.Max(1, outcomes.Length);
        var numbers = new Dictionary<string, int>();
        var flags = new List<double>();
        var patternOfRow = new int[outcomes.Length];
        for (var row = 0; row < patternOfRow.Length; row++)
        {
            double[] own =
            [
                .. scores.AsSpan(row * width, width).ToArray().Select(score => double.IsNaN(score) ? 0.0 : 1),
            ];
            var key = string.Concat(own.Select(flag => flag > 0 ? '1' : '0'));
            if (numbers.TryAdd(key, numbers.Count))
                flags.AddRange(own);
            patternOfRow[row] = numbers[key];
        }
        return new(
            tensor(scores, [patternOfRow.Length, width]).nan_to_num(0),
            tensor([.. flags], [numbers.Count, width]),
            patternOfRow,
            outcomes,
            sites
        );
    }

    /// <summary>The rows with the given positions.</summary>
    internal PracticeRows Select(IReadOnlyList<int> rows) =>
        new(
            Values.index_select(0, tensor([.. rows.Select(row => (long)row)])),
            Patterns,
            [.. rows.Select(row => patternOfRow[row])],
            [.. rows.Select(row => Outcomes[row])],
            [.. rows.Select(row => Sites[row])]
        );

    /// <summary>These rows and others with the same columns.</summary>
    internal PracticeRows Join(PracticeRows other) =>
        new(
            cat([Values, other.Values], 0),
            cat([Patterns, other.Patterns], 0),
            [.. patternOfRow, .. other.patternOfRow.Select(pattern => pattern + (int)Patterns.size(0))],
            [.. Outcomes, .. other.Outcomes],
            [.. Sites, .. other.Sites]
        );

    /// <summary>The same rows of which only some modalities are shown.</summary>
    /// <param name="modalities">The modality of every column.</param>
    /// <param name="shown">n missingness patterns.</param>
    internal PracticeRows Show(int[] modalities, IReadOnlyList<int> shown)
    {
        var numbers = new Dictionary<(int, int), int>();
        var own = new int[Count];
        for (var row = 0; row < own.Length; row++)
        {
            numbers.TryAdd((patternOfRow[row], shown[row]), numbers.Count);
            own[row] = numbers[(patternOfRow[row], shown[row])];
        }
        var pairs = numbers.OrderBy(pair => pair.Value).Select(pair => pair.Key).ToArray();
        var flags = pairs.SelectMany(pair => modalities.Select(m => (double)(pair.Item2 >> m & 1)));
        var patterns =
            Patterns.index_select(0, tensor([.. pairs.Select(pair => (long)pair.Item1)]))
            * tensor([.. flags], [pairs.Length, Width]);
        var values = Values * patterns.index_select(0, tensor([.. own.Select(pattern => (long)pattern)]));
        return new(values, patterns, own, Outcomes, Sites);
    }

    /// <summary>The same rows as if all had an outcome.</summary>
    internal PracticeRows WithOutcome(int outcome) =>
        new(Values, Patterns, patternOfRow, [.. Enumerable.Repeat(outcome, Count)], Sites);

    /// <summary>The same rows less a shift [n, p] of what was recorded.</summary>
    internal PracticeRows Less(Tensor shift) =>
        new((Values - shift) * Observed, Patterns, patternOfRow, Outcomes, Sites);

    /// <summary>The rows as costs are measured on them.</summary>
    internal CostRows ForCost() => new(Values, Outcomes, Sites);

    /// <summary>The same rows, outliving the current dispose scope until they are disposed.</summary>
    internal PracticeRows Keep()
    {
        foreach (var part in Parts)
            part.DetachFromDisposeScope();
        return this;
    }

    public void Dispose()
    {
        foreach (var part in Parts)
            part.Dispose();
    }

    private Tensor[] Parts =>
        [
            Values,
            Patterns,
            PatternOfRow,
            CellOfRow,
            PatternOfCell,
            Groups,
            OutcomeOfRow,
            SiteOfRow,
            SumsByCell,
            Squares,
        ];
}
