using CausalDebiasing.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Are the kinds other people rather than the same people measured otherwise? Practice shifts the scores by as much at every
/// site and in both outcome classes, and leaves all else as it is; of another population none of that holds. Each number is
/// the held-out gain in log likelihood of a model without one of these restrictions, as a share of the gain of the kinds
/// themselves; at or below 0 where the restriction holds.
/// </summary>
/// <param name="Covariance">Of means, loadings and noise of each kind's own.</param>
/// <param name="Sites">Of offsets of each site's own.</param>
/// <param name="Outcomes">Of offsets of each outcome class's own.</param>
internal readonly record struct OtherPopulations(double Covariance, double Sites, double Outcomes)
{
    private const int Steps = 10;

    /// <summary>The largest of the three, or of two where covariances do not count.</summary>
    internal double Largest(bool withCovariance) =>
        Math.Max(withCovariance ? Covariance : double.NegativeInfinity, Math.Max(Sites, Outcomes));

    /// <param name="parts">Rows to fit and judge on.</param>
    /// <param name="found">The kinds, fitted to all rows.</param>
    /// <param name="held">Log likelihood of held-out rows with them, [n].</param>
    /// <param name="gain">What they gain over one kind, per row.</param>
    internal static OtherPopulations Of(HeldOut parts, PracticeEm.Result found, Tensor held, double gain)
    {
        using var scope = NewDisposeScope();
        var own = cat([.. parts.Parts.Select(part => Own(part, found.Model))]);
        double Freed(Func<PracticeRows, int[]> group, int groups) =>
            (parts.LogLikelihood(part => Split(part, found, group(part.Train), groups), Steps) - held)
                .mean()
                .item<double>();
        return new(
            (own - held).mean().item<double>() / gain,
            Freed(rows => rows.Sites, found.Model.Sites) / gain,
            Freed(rows => rows.Outcomes, 2) / gain
        );
    }

    private static Tensor Own(HeldOut.Part part, PracticeMixture model)
    {
        using var scope = NewDisposeScope();
        var fit = PracticeEm.Fit(part.Train, model, Steps);
        var common = fit.Model.Coefficients.size(1) - fit.Model.Kinds;
        var densities = Enumerable
            .Range(0, fit.Model.Kinds)
            .Select(k =>
            {
                var alone = fit.Model with
                {
                    Coefficients = cat(
                        [fit.Model.Coefficients.narrow(1, 0, common), fit.Model.Offsets.narrow(1, k, 1)],
                        1
                    ),
                    Shares = ones(fit.Model.Sites, 2, 1, ScalarType.Float64),
                    Prior = ones(1, ScalarType.Float64),
                };
                var weights = fit.Memberships.narrow(1, k, 1);
                return PracticeEm.Weighted(part.Train, alone, weights, Steps).LogDensity(part.Held);
            });
        return (cat([.. densities], 1) + fit.Model.LogShares(part.Held))
            .logsumexp(1)
            .MoveToOuterDisposeScope();
    }

    /// <summary>Every kind in as many copies as there are groups, of which rows belong to their own.</summary>
    private static PracticeMixture Split(HeldOut.Part part, PracticeEm.Result found, int[] group, int groups)
    {
        var memberships = found.Memberships.index_select(0, tensor([.. part.Kept.Select(row => (long)row)]));
        var copies = Enumerable
            .Range(0, groups)
            .Select(g => memberships * tensor([.. group.Select(own => own == g ? 1.0 : 0)]).unsqueeze(1));
        return PracticeEm.Start(part.Train, cat([.. copies], 1), found.Model.Sites, found.Model.Factors);
    }
}
