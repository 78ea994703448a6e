using CausalDebiasing.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// First memberships for the search of hidden kinds: quantile cuts of directions along which practice may lie. They are
/// the directions in which outcome and site interact in the means, and the leading components, of all columns and of
/// each modality, of what outcome and site leave.
/// </summary>
internal sealed class PracticeStarts
{
    private const int Interactions = 1;
    private const int Components = 4;

    /// <summary>Share of a row that goes to the kind of its quantile.</summary>
    private const double Belief = 0.9;

    private readonly PracticeRows rows;
    private readonly PracticeMixture one;
    private readonly Tensor observed;
    private readonly Tensor residual;

    /// <param name="rows">The rows.</param>
    /// <param name="one">A model of one kind.</param>
    internal PracticeStarts(PracticeRows rows, PracticeMixture one)
    {
        (this.rows, this.one, observed) = (rows, one, rows.Observed);
        residual = one.Residual(rows, observed, 0);
    }

    /// <summary>Memberships [n, K] by the leading components, of all columns and of each modality.</summary>
    /// <param name="modalities">The modality of every column.</param>
    /// <param name="kinds">K.</param>
    internal IEnumerable<Tensor> Leading(int[] modalities, int kinds) =>
        Leading(modalities).Select(direction => Cut(residual.mv(direction), kinds));

    /// <summary>Memberships [n, K] by the direction in which outcome and site interact most; none with one site.</summary>
    internal IEnumerable<Tensor> Interacting(int kinds) =>
        Interacting().Select(direction => Cut(residual.mv(direction), kinds));

    private IEnumerable<Tensor> Interacting()
    {
        if (one.Sites < 2)
            yield break;
        Tensor Sum(Tensor of) =>
            zeros(2 * one.Sites, rows.Width, ScalarType.Float64).index_add_(0, rows.Groups, of, 1);
        var cells = Sum(residual) / Sum(observed).clamp_min(1).sqrt();
        var (_, _, right) = linalg.svd(cells, fullMatrices: false);
        var count = Math.Min(Interactions, right.size(0));
        var solved = linalg.solve(one.Covariance, right.narrow(0, 0, count).t());
        for (var i = 0; i < count; i++)
            yield return solved.select(1, i);
    }

    private IEnumerable<Tensor> Leading(int[] modalities)
    {
        var covariance = residual.t().mm(residual) / observed.t().mm(observed).clamp_min(1);
        var columns = Enumerable.Range(0, rows.Width).Select(j => (long)j).ToArray();
        return Leading(covariance, columns, Components)
            .Concat(
                modalities
                    .Distinct()
                    .SelectMany(m => Leading(covariance, [.. columns.Where(j => modalities[j] == m)], 1))
            );
    }

    private static IEnumerable<Tensor> Leading(Tensor covariance, long[] columns, int count)
    {
        var index = tensor(columns);
        var (_, vectors) = linalg.eigh(covariance.index_select(0, index).index_select(1, index));
        for (var i = 1; i <= Math.Min(count, columns.Length - 1); i++)
            yield return zeros(covariance.size(0), ScalarType.Float64)
                .index_copy_(0, index, vectors.select(1, columns.Length - i));
    }

    private static Tensor Cut(Tensor score, int kinds)
    {
        var values = score.Elements<double>();
        int[] order = [.. Enumerable.Range(0, values.Length)];
        Array.Sort(values, order);
        var memberships = new double[order.Length * kinds];
        Array.Fill(memberships, (1 - Belief) / (kinds - 1));
        for (var rank = 0; rank < order.Length; rank++)
            memberships[order[rank] * kinds + (int)((long)rank * kinds / order.Length)] = Belief;
        return tensor(memberships, [order.Length, kinds]);
    }
}
