using MathNet.Numerics.Distributions;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Whether the odds ratios of hidden kind and outcome differ by site: likelihood ratio of free P(c | y, e) against one without
/// interaction of kind, outcome and site, the model of the values being known.
/// </summary>
/// <param name="Statistic">Twice the difference of the log likelihoods.</param>
/// <param name="DegreesOfFreedom">(E - 1) (K - 1) over the sites that have both outcomes; 0 where sites cannot be compared.</param>
internal readonly record struct SiteHeterogeneity(double Statistic, int DegreesOfFreedom)
{
    private const int MostSteps = 50;
    private const int FittingSteps = 50;
    private const double Tolerance = 1e-3;

    /// <summary>Prior rows of every kind in every cell.</summary>
    private const double PriorRows = 0.1;

    /// <summary>Rows of either outcome that a site needs to count.</summary>
    private const int LeastRows = 5;

    /// <summary>Largest probability that leaves no doubt, and that leaves none at all.</summary>
    private const double MostP = 1e-4,
        MostPAlone = 1e-8;

    /// <summary>Whether sites differ.</summary>
    internal bool IsClear => P < MostP;

    /// <summary>Whether they differ beyond what other evidence could make doubtful.</summary>
    internal bool IsOverwhelming => P < MostPAlone;

    /// <summary>Probability of so large a statistic where the odds ratios are the same.</summary>
    internal double P =>
        DegreesOfFreedom > 0 ? 1 - ChiSquared.CDF(DegreesOfFreedom, Math.Max(0, Statistic)) : 1;

    /// <summary>Of rows under a model.</summary>
    internal static SiteHeterogeneity Of(PracticeRows rows, PracticeMixture model)
    {
        using var scope = NewDisposeScope();
        var density = model.LogDensity(rows);
        var counts = new int[model.Sites, 2];
        for (var row = 0; row < rows.Count; row++)
            counts[rows.Sites[row], rows.Outcomes[row]]++;
        var compared = Enumerable
            .Range(0, model.Sites)
            .Count(e => counts[e, 0] >= LeastRows && counts[e, 1] >= LeastRows);
        var gain =
            LogLikelihood(rows, model, density, shares => shares)
            - LogLikelihood(rows, model, density, WithoutInteraction);
        return new(2 * gain, Math.Max(0, compared - 1) * (model.Kinds - 1));
    }

    private static double LogLikelihood(
        PracticeRows rows,
        PracticeMixture model,
        Tensor density,
        Func<Tensor, Tensor> restrict
    )
    {
        using var scope = NewDisposeScope();
        var (shares, last) = (model.Shares.view(-1, model.Kinds), double.NegativeInfinity);
        for (var step = 0; step < MostSteps; step++)
        {
            var joint = density + shares.index_select(0, rows.Groups).log();
            var total = joint.logsumexp(1, keepdim: true);
            var likelihood = total.sum().item<double>();
            // The first shares are free, so that a restricted model starts above its own.
            if (step > 1 && likelihood - last < Tolerance)
                return likelihood;
            last = likelihood;
            var counts = zeros_like(shares).index_add_(0, rows.Groups, (joint - total).exp(), 1) + PriorRows;
            counts = restrict(counts.view(model.Sites, 2, model.Kinds)).view(-1, model.Kinds);
            shares = counts / counts.sum(1, keepdim: true);
        }
        return last;
    }

    /// <summary>The counts [E, 2, K] with the same two-way margins and no interaction of all three (iterative proportional fitting).</summary>
    private static Tensor WithoutInteraction(Tensor counts)
    {
        var fitted = ones_like(counts);
        for (var step = 0; step < FittingSteps; step++)
        for (var axis = 0L; axis < 3; axis++)
            fitted = fitted * (counts.sum(axis, keepdim: true) / fitted.sum(axis, keepdim: true));
        return fitted;
    }
}
