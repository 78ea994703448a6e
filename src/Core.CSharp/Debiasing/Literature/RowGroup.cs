using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>The rows of a batch that belong to one site or missingness pattern.</summary>
/// <param name="Group">Index of the group.</param>
/// <param name="Rows">Positions in the batch, Int64; at least one.</param>
internal sealed record RowGroup(int Group, Tensor Rows)
{
    /// <summary>Number of rows.</summary>
    internal long Count => Rows.size(0);

    /// <summary>The groups that occur, in ascending order.</summary>
    internal static RowGroup[] Of(IEnumerable<int> groupOfRow) =>
        [
            .. groupOfRow
                .Select((group, row) => (group, row: (long)row))
                .GroupBy(pair => pair.group, pair => pair.row)
                .OrderBy(rows => rows.Key)
                .Select(rows => new RowGroup(rows.Key, tensor(rows.ToArray(), ScalarType.Int64))),
        ];

    /// <summary>The site of every row of a training batch.</summary>
    internal static int[] Sites(Batch batch) => [.. batch.Sites!.Elements<long>().Select(site => (int)site)];

    /// <summary>Every second row, from the first (0) or the second (1).</summary>
    internal RowGroup Half(int first) => new(Group, Rows.slice(0, first, Count, 2));

    /// <summary>Mean of a value per row [N] over the group, under the batch's weights; a scalar.</summary>
    internal Tensor Mean(Tensor values, Batch batch)
    {
        var own = values.index_select(0, Rows);
        if (batch.Weights is null)
            return own.mean();
        var weights = batch.Weights.index_select(0, Rows);
        return (own * weights).sum() / weights.sum().clamp_min(1e-8);
    }
}
