using CausalDebiasing.Numerics;
using CausalDebiasing.Runtime;
using MathNet.Numerics.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// How much of what sites differ in, as to how kinds go with the outcome, is left at the same risk. Where sites differ in the
/// risk at which patients come to be of a kind, such as a subtype that is referred, little is left; where practice goes with
/// the outcome, most of it is.
/// </summary>
internal static class ReferralByRisk
{
    /// <summary>Prior precision of log odds.</summary>
    private const double Precision = 0.1;

    private const double ScorePrecision = 1;

    private const int Folds = 5;

    /// <summary>
    /// The log likelihood that odds ratios of kind and outcome by site gain beside what the values tell of the outcome, as a
    /// share of what they gain without that (NaN where sites do not differ at all), and the probability (NaN without two sites) of so large a gain beside
    /// what the values tell of it at each site: where risks spread differently by site, so do the odds ratios of a kind whose effect at
    /// the same risk is the same everywhere.
    /// </summary>
    internal static (double Share, double P) Left(PracticeRows rows, PracticeMixture model)
    {
        using var scope = NewDisposeScope();
        var kinds = (model.LogDensity(rows) + model.Prior.log()).softmax(1).narrow(1, 1, model.Kinds - 1);
        var one = ones(rows.Count, 1, ScalarType.Float64);
        var sites = nn.functional.one_hot(rows.SiteOfRow.squeeze(1), model.Sites).to(ScalarType.Float64);
        var outcome = tensor([.. rows.Outcomes.Select(y => (double)y)]);
        var score = Beside(cat([kinds, one], 1), Score(cat([rows.Values, sites], 1), outcome, rows.Width));
        double Gain(Tensor common)
        {
            var interactions = (kinds.unsqueeze(2) * sites.unsqueeze(1)).flatten(1);
            return LogLikelihood(cat([common, interactions], 1), outcome) - LogLikelihood(common, outcome);
        }
        var alone = cat([sites, kinds], 1);
        var marginal = Gain(alone);
        var free = (model.Sites - 1) * (model.Kinds - 1);
        var bySite = Math.Max(0, Gain(cat([alone, score * sites], 1)));
        return (
            marginal > 0 ? Gain(cat([alone, score], 1)) / marginal : double.NaN,
            free > 0 ? 1 - ChiSquared.CDF(free, 2 * bySite) : double.NaN
        );
    }

    /// <summary>
    /// What the first columns tell of the outcome beside the others, [n, 1], of every row by the other folds: one that knew the
    /// rows' own outcomes would explain them where events are few.
    /// </summary>
    private static Tensor Score(Tensor design, Tensor outcome, int columns)
    {
        var fold = arange(design.size(0), ScalarType.Int64).remainder(Folds);
        var score = zeros(design.size(0), ScalarType.Float64);
        for (var f = 0; f < Folds; f++)
        {
            var (held, others) = (fold.eq(f).nonzero().squeeze(1), fold.ne(f).nonzero().squeeze(1));
            var slopes = Fit(design.index_select(0, others), outcome.index_select(0, others), ScorePrecision);
            var values = design.index_select(0, held).narrow(1, 0, columns);
            score.index_copy_(0, held, values.mv(tensor(slopes[..columns])));
        }
        return score.unsqueeze(1);
    }

    /// <summary>What a linear regression on columns leaves.</summary>
    private static Tensor Beside(Tensor columns, Tensor target) =>
        target
        - columns.mm(
            linalg.solve(
                columns.t().mm(columns) + 1e-6 * eye(columns.size(1), dtype: ScalarType.Float64),
                columns.t().mm(target)
            )
        );

    private static double LogLikelihood(Tensor design, Tensor outcome)
    {
        var logit = design.mv(tensor(Fit(design, outcome, Precision)));
        return (outcome * logit - nn.functional.softplus(logit)).sum().item<double>();
    }

    private static double[] Fit(Tensor design, Tensor outcome, double precision)
    {
        var width = (int)design.size(1);
        return RidgeLogistic.Fit(
            design,
            outcome,
            zeros_like(outcome),
            new double[width],
            [.. Enumerable.Repeat(precision, width)]
        );
    }
}
