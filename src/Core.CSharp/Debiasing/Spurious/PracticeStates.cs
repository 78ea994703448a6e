using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>The posterior of the latent states u of rows under each kind of practice, and the rows' densities.</summary>
internal sealed class PracticeStates
{
    internal PracticeStates(PracticeMixture model, PracticeRows rows)
    {
        var (r, kinds, n) = (model.Factors, model.Kinds, rows.Count);
        var scaledLoadings = model.Loadings / model.Noise.unsqueeze(1);
        var products = (scaledLoadings.unsqueeze(2) * model.Loadings.unsqueeze(1)).view(rows.Width, -1);
        var root = linalg.cholesky(
            rows.Patterns.mm(products).view(-1, r, r) + eye(r, dtype: ScalarType.Float64)
        );
        Covariance = cholesky_inverse(root);
        var constant =
            2 * root.diagonal(0, 1, 2).log().sum(1) + rows.Patterns.mv((2 * Math.PI * model.Noise).log());

        var means = model.Means();
        // Of the values with loadings and with the parts of the means, and of the means of every cell's pattern with both.
        var onAll = rows.Values.mm(model.Coefficients / model.Noise.unsqueeze(1));
        var withLoadings = onAll.narrow(1, 0, r);
        var withMeans =
            onAll.narrow(1, r, 2).gather(1, rows.OutcomeOfRow)
            + onAll.narrow(1, r + 2, model.Sites).gather(1, rows.SiteOfRow)
            + onAll.narrow(1, r + 2 + model.Sites, kinds);
        var group = tensor([.. rows.Cells.Select(cell => 2L * cell.Site + cell.Outcome)]);
        var cellMeans = means.view(-1, kinds, rows.Width).index_select(0, group);
        var seen = rows.Patterns.index_select(0, rows.PatternOfCell).unsqueeze(1);
        var shown = cellMeans * seen;
        var meanLoadings = shown.matmul(scaledLoadings);
        var meanSquares = (shown * cellMeans).matmul(1 / model.Noise);

        var projected = withLoadings.unsqueeze(1) - meanLoadings.index_select(0, rows.CellOfRow);
        Means = projected.bmm(Covariance.index_select(0, rows.PatternOfRow));
        var square =
            rows.Values.square().mv(1 / model.Noise).unsqueeze(1)
            - 2 * withMeans
            + meanSquares.index_select(0, rows.CellOfRow)
            - (projected * Means).sum(2);
        LogDensity = -(square + constant.index_select(0, rows.PatternOfRow).unsqueeze(1)) / 2;
    }

    /// <summary>Posterior covariances of every pattern, [U, r, r].</summary>
    internal Tensor Covariance { get; }

    /// <summary>Posterior means under every kind, [n, K, r].</summary>
    internal Tensor Means { get; }

    /// <summary>log P(x | y, e, c), [n, K].</summary>
    internal Tensor LogDensity { get; }
}
