using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>Fits a <see cref="PracticeMixture"/> by expectation maximisation.</summary>
internal static class PracticeEm
{
    private const double LeastNoise = 0.05;

    /// <summary>Prior precisions, in rows: of loadings and class means, of site shifts, of kinds' offsets.</summary>
    private const double Ridge = 0.1,
        SiteRidge = 20,
        KindRidge = 5;

    /// <summary>Rows of the prior that shares at a site and outcome are those of all rows.</summary>
    private const double ShareRows = 2;

    /// <summary>A fitted model.</summary>
    /// <param name="Model">The parameters.</param>
    /// <param name="Memberships">P(c | x, y, e) of the rows, [n, K].</param>
    /// <param name="LogLikelihood">Mean over the rows.</param>
    internal sealed record Result(PracticeMixture Model, Tensor Memberships, double LogLikelihood);

    private const int MostSteps = 60;

    /// <summary>Gain in log likelihood per row below which a step is the last.</summary>
    private const double Tolerance = 1e-4;

    /// <summary>A model of first memberships [n, K] with r latent states that are the leading components of what is left.</summary>
    internal static PracticeMixture Start(PracticeRows rows, Tensor memberships, int sites, int factors)
    {
        using var scope = NewDisposeScope();
        var kinds = (int)memberships.size(1);
        var none = zeros(rows.Count, kinds, 0, ScalarType.Float64);
        var (means, _) = Regress(rows, memberships, none, null, sites);
        var first = new PracticeMixture(
            means,
            ones(rows.Width, ScalarType.Float64),
            SharesOf(rows, memberships, sites),
            memberships.mean([0L]),
            0
        );
        var observed = rows.Observed;
        var products = zeros(rows.Width, rows.Width, ScalarType.Float64);
        for (var k = 0; k < kinds; k++)
        {
            var residual = first.Residual(rows, observed, k);
            products.add_((residual * memberships.narrow(1, k, 1)).t().mm(residual));
        }
        var (loadings, noise) = Leading(products / observed.t().mm(observed).clamp_min(1), factors);
        return (
            first with
            {
                Coefficients = cat([loadings, means], 1),
                Noise = noise,
                Factors = factors,
            }
        ).MoveToOuterDisposeScope();
    }

    /// <summary>Improves a model until steps gain little.</summary>
    internal static Result Fit(PracticeRows rows, PracticeMixture start, int mostSteps = MostSteps)
    {
        using var scope = NewDisposeScope();
        var (model, memberships, last) = (start, start.Prior, double.NegativeInfinity);
        for (var step = 0; ; step++)
        {
            using var one = NewDisposeScope();
            var states = new PracticeStates(model, rows);
            var joint = states.LogDensity + model.LogShares(rows);
            var total = joint.logsumexp(1, keepdim: true);
            memberships = (joint - total).exp().MoveToOuterDisposeScope();
            var likelihood = total.mean().item<double>();
            var isDone = step >= mostSteps || likelihood - last < Tolerance;
            last = likelihood;
            if (isDone)
                break;
            var (coefficients, noise) = Regress(
                rows,
                memberships,
                states.Means,
                states.Covariance,
                model.Sites
            );
            model = (
                model with
                {
                    Coefficients = coefficients,
                    Noise = noise,
                    Shares = SharesOf(rows, memberships, model.Sites),
                    Prior = memberships.mean([0L]),
                }
            ).MoveToOuterDisposeScope();
        }
        return new(model.MoveToOuterDisposeScope(), memberships.MoveToOuterDisposeScope(), last);
    }

    /// <summary>A model of one kind on weighted rows.</summary>
    internal static PracticeMixture Weighted(
        PracticeRows rows,
        PracticeMixture start,
        Tensor weights,
        int steps
    )
    {
        using var scope = NewDisposeScope();
        var model = start;
        for (var step = 0; step < steps; step++)
        {
            var states = new PracticeStates(model, rows);
            var (coefficients, noise) = Regress(
                rows,
                weights,
                states.Means,
                states.Covariance,
                model.Sites,
                weights
            );
            model = model with { Coefficients = coefficients, Noise = noise };
        }
        return model.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Regression of every column on the latent states, outcome, site and kind: coefficients [p, D] and residual variances [p].
    /// The sums of products are taken by cell, in which all but states and kind is the same.
    /// </summary>
    private static (Tensor Coefficients, Tensor Noise) Regress(
        PracticeRows rows,
        Tensor memberships,
        Tensor means,
        Tensor? covariance,
        int sites,
        Tensor? weights = null
    )
    {
        var (cells, kinds, r) = (rows.Cells.Count, (int)memberships.size(1), (int)means.size(2));
        var width = r + 2 + sites + kinds;
        Tensor ByCell(Tensor of) =>
            zeros([cells, .. of.shape[1..]], ScalarType.Float64).index_add_(0, rows.CellOfRow, of, 1);
        var weighted = means * memberships.unsqueeze(2);
        var share = ByCell(memberships);
        var products = zeros(cells, width, width, ScalarType.Float64);
        if (r > 0)
        {
            var states = products.narrow(1, 0, r).narrow(2, 0, r);
            states.add_(ByCell(weighted.transpose(1, 2).bmm(means)));
            if (covariance is not null)
                states.add_(covariance.index_select(0, rows.PatternOfCell) * share.sum(1).view(-1, 1, 1));
        }
        var byKind = ByCell(weighted);
        var design = Design(rows, sites);
        var fixedPart = r + 2 + sites;
        products
            .narrow(1, 0, r)
            .narrow(2, r, 2 + sites)
            .add_(byKind.sum(1).unsqueeze(2) * design.unsqueeze(1));
        products.narrow(1, 0, r).narrow(2, fixedPart, kinds).add_(byKind.transpose(1, 2));
        products
            .narrow(1, r, 2 + sites)
            .narrow(2, r, 2 + sites)
            .add_(design.unsqueeze(2) * design.unsqueeze(1) * share.sum(1).view(-1, 1, 1));
        products
            .narrow(1, r, 2 + sites)
            .narrow(2, fixedPart, kinds)
            .add_(design.unsqueeze(2) * share.unsqueeze(1));
        products.narrow(1, fixedPart, kinds).narrow(2, fixedPart, kinds).add_(diag_embed(share));
        var byPattern = zeros(rows.Patterns.size(0), width * width, ScalarType.Float64)
            .index_add_(0, rows.PatternOfCell, products.view(cells, -1), 1);
        var upper = rows.Patterns.t().mm(byPattern).view(-1, width, width).triu();
        var gram = upper + upper.triu(1).transpose(1, 2);
        var onDesign = weights is null ? rows.SumsByCell : ByCell(rows.Values * weights);
        var cross = cat(
            [rows.Values.t().mm(weighted.sum(1)), onDesign.t().mm(design), rows.Values.t().mm(memberships)],
            1
        );
        double[] ridge =
        [
            .. Enumerable.Repeat(Ridge, r + 2),
            .. Enumerable.Repeat(SiteRidge, sites),
            .. Enumerable.Repeat(KindRidge, kinds),
        ];
        var coefficients = linalg.solve(gram + diag(tensor(ridge)), cross.unsqueeze(2)).squeeze(2);
        var explained =
            2 * (coefficients * cross).sum(1)
            - coefficients.unsqueeze(1).bmm(gram).bmm(coefficients.unsqueeze(2)).view(-1);
        var count = zeros(rows.Patterns.size(0), ScalarType.Float64)
            .index_add_(0, rows.PatternOfCell, share.sum(1), 1);
        var squares = weights is null ? rows.Squares : (rows.Values.square() * weights).sum([0L]);
        var rest = (squares - explained) / rows.Patterns.t().mv(count).clamp_min(1);
        return (coefficients, rest.clamp_min(LeastNoise));
    }

    /// <summary>Outcome and site of every cell, one hot: [C, 2 + E].</summary>
    private static Tensor Design(PracticeRows rows, int sites)
    {
        var width = 2 + sites;
        var design = new double[rows.Cells.Count * width];
        for (var cell = 0; cell < rows.Cells.Count; cell++)
        {
            design[cell * width + rows.Cells[cell].Outcome] = 1;
            design[cell * width + 2 + rows.Cells[cell].Site] = 1;
        }
        return tensor(design, [rows.Cells.Count, width]);
    }

    private static Tensor SharesOf(PracticeRows rows, Tensor memberships, int sites)
    {
        var sums = zeros(2 * sites, memberships.size(1), ScalarType.Float64)
            .index_add_(0, rows.Groups, memberships, 1);
        var shares = (sums + ShareRows * memberships.mean([0L])) / (sums.sum(1, keepdim: true) + ShareRows);
        return shares.clamp_min(1e-9).view(sites, 2, -1);
    }

    /// <summary>Loadings [p, r] and noise [p] of a covariance.</summary>
    private static (Tensor Loadings, Tensor Noise) Leading(Tensor covariance, int factors)
    {
        var (values, vectors) = linalg.eigh(covariance);
        var width = values.size(0);
        var rest = factors < width ? values.narrow(0, 0, width - factors).mean() : values[0];
        var scale = (values.narrow(0, width - factors, factors) - rest).clamp_min(1e-3).sqrt();
        var loadings = vectors.narrow(1, width - factors, factors) * scale;
        return (loadings, (covariance.diagonal() - loadings.square().sum(1)).clamp_min(LeastNoise));
    }
}
