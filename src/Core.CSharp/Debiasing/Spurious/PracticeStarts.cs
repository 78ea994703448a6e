using CausalDebiasing.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// First memberships for the search of hidden kinds: cuts of directions along which practice may lie. Of what outcome and
/// site leave these are the direction in which both interact in the means, the leading components, and the direction of each
/// modality in which it has the least kurtosis.
/// </summary>
internal sealed class PracticeStarts
{
    private const int Interactions = 1;
    private const int Components = 4;

    /// <summary>The least variance that is whitened.</summary>
    private const double LeastVariance = 1e-3;

    /// <summary>Steps in which a cut is moved.</summary>
    private const int MostMoves = 20;

    /// <summary>Share of a row that goes to the kind of its part.</summary>
    private const double Belief = 0.9;

    private readonly PracticeRows rows;
    private readonly PracticeMixture one;
    private readonly Tensor observed;
    private readonly Tensor residual;
    private readonly Lazy<Tensor[]> apart;
    private readonly Lazy<Tensor[]> interacting;

    /// <param name="rows">The rows.</param>
    /// <param name="one">A model of one kind.</param>
    /// <param name="modalities">The modality of every column.</param>
    internal PracticeStarts(PracticeRows rows, PracticeMixture one, int[] modalities)
    {
        (this.rows, this.one, observed) = (rows, one, rows.Observed);
        residual = one.Residual(rows, observed, 0);
        Lazy<Tensor[]> Scores(Func<IEnumerable<Tensor>> directions) =>
            new(() => [.. directions().Select(residual.mv)]);
        apart = Scores(() => Leading().Concat(LeastKurtosis(modalities)));
        interacting = Scores(Interacting);
    }

    /// <summary>
    /// Memberships [n, K] by the leading components of all columns, and by the direction of each modality in which it has the
    /// least kurtosis.
    /// </summary>
    /// <param name="kinds">K.</param>
    internal IEnumerable<Tensor> Apart(int kinds) => apart.Value.Select(score => Cut(score, kinds));

    /// <summary>Memberships [n, K] by the direction in which outcome and site interact most; none with one site.</summary>
    internal IEnumerable<Tensor> Interacting(int kinds) =>
        interacting.Value.Select(score => Cut(score, kinds));

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

    private IEnumerable<Tensor> Leading()
    {
        var covariance = residual.t().mm(residual) / observed.t().mm(observed).clamp_min(1);
        var (_, vectors) = linalg.eigh(covariance);
        for (var i = 1; i <= Math.Min(Components, rows.Width - 1); i++)
            yield return vectors.select(1, rows.Width - i);
    }

    /// <summary>
    /// The eigenvector of the kurtosis matrix with the least eigenvalue, of the whitened columns of each modality (Pena, Prieto and
    /// Viladomat 2010), missing entries as the latent states let expect: kinds that lie apart are seen there even where the
    /// columns vary little, as along sums that are nearly constant.
    /// </summary>
    private IEnumerable<Tensor> LeastKurtosis(int[] modalities)
    {
        var states = new PracticeStates(one, rows).Means.select(1, 0);
        var imputed = residual + (1 - observed) * states.mm(one.Loadings.t());
        foreach (var m in modalities.Distinct())
        {
            var columns = tensor([
                .. Enumerable.Range(0, rows.Width).Where(j => modalities[j] == m).Select(j => (long)j),
            ]);
            if (columns.size(0) < 2)
                continue;
            var own = imputed.index_select(1, columns);
            var (values, vectors) = linalg.eigh(own.t().mm(own) / rows.Count);
            var whitening = vectors / values.clamp_min(LeastVariance).sqrt();
            var white = own.mm(whitening);
            var kurtosis = (white * white.square().sum(1, keepdim: true)).t().mm(white);
            var (_, directions) = linalg.eigh(kurtosis);
            yield return zeros(rows.Width, ScalarType.Float64)
                .index_copy_(0, columns, whitening.mv(directions.select(1, 0)));
        }
    }

    /// <summary>Cuts a score where its K means divide it (Lloyd 1982), from equal shares.</summary>
    private static Tensor Cut(Tensor score, int kinds)
    {
        var values = score.Elements<double>();
        int[] order = [.. Enumerable.Range(0, values.Length)];
        Array.Sort(values, order);
        int[] starts =
        [
            .. Enumerable.Range(0, kinds + 1).Select(k => (int)((long)k * values.Length / kinds)),
        ];
        for (var step = 0; step < MostMoves; step++)
        {
            double[] means =
            [
                .. Enumerable.Range(0, kinds).Select(k => values[starts[k]..starts[k + 1]].Average()),
            ];
            var moved = false;
            for (var k = 1; k < kinds; k++)
            {
                var at = Array.BinarySearch(values, (means[k - 1] + means[k]) / 2);
                var start = Math.Clamp(at < 0 ? ~at : at, starts[k - 1] + 1, values.Length - kinds + k);
                (moved, starts[k]) = (moved || start != starts[k], start);
            }
            if (!moved)
                break;
        }
        var memberships = new double[order.Length * kinds];
        Array.Fill(memberships, (1 - Belief) / (kinds - 1));
        for (var k = 0; k < kinds; k++)
        for (var rank = starts[k]; rank < starts[k + 1]; rank++)
            memberships[order[rank] * kinds + k] = Belief;
        return tensor(memberships, [order.Length, kinds]);
    }
}
