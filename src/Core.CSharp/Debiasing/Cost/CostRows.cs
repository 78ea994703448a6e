using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>Rows that the cost of a part is measured on.</summary>
/// <param name="Values">[n, p], Float64, 0 where nothing was recorded.</param>
/// <param name="Outcomes">n outcomes, 0 or 1.</param>
/// <param name="Sites">n sites, from 0.</param>
internal sealed record CostRows(Tensor Values, int[] Outcomes, int[] Sites)
{
    /// <summary>Number of rows n.</summary>
    internal int Count => Outcomes.Length;

    /// <summary>Number of columns p.</summary>
    internal int Width => (int)Values.size(1);

    /// <summary>The rows with the given positions.</summary>
    internal CostRows Select(int[] rows) =>
        new(
            Values.index_select(0, tensor([.. rows.Select(row => (long)row)])),
            [.. rows.Select(row => Outcomes[row])],
            [.. rows.Select(row => Sites[row])]
        );
}
