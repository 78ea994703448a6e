using CausalDebiasing.Metrics;
using CausalDebiasing.Numerics;
using CausalDebiasing.Runtime;
using MathNet.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// What taking a part out of the logit costs, measured by logistic regressions on the values that stand in for the
/// predictor: one is plain, with an intercept for every site, the other knows the part as an offset.
/// </summary>
/// <param name="Fit">
/// Mean gain in log likelihood of validation rows by the part, known as it is at each site, over its standard error. A part
/// that is what it is taken for predicts at least as well as the plain regression; well below 0 it is not.
/// </param>
/// <param name="InDistribution">AUROC on validation rows without the part, less the plain one.</param>
/// <param name="OutOfSite">The same on each site in turn, fitted without it, on average; NaN with one site.</param>
internal readonly record struct PartCost(double Fit, double InDistribution, double OutOfSite)
{
    private const double Precision = 1;
    private const double Unpenalised = 1e-6;

    /// <summary>Mean over its standard error below which the part is not what it is taken for.</summary>
    private const double LeastFit = -2;

    /// <summary>Rows of either outcome that a site needs to be tested on.</summary>
    private const int LeastRows = 10;

    /// <summary>Whether the part may be taken out.</summary>
    internal bool IsBorne => !(Fit < LeastFit);

    /// <param name="train">Training rows.</param>
    /// <param name="trainOffsets">The part of each.</param>
    /// <param name="validation">Validation rows.</param>
    /// <param name="validationOffsets">The part of each.</param>
    /// <param name="sites">Number of sites.</param>
    /// <param name="tellsSites">Whether the part has what sites tell of the outcome, so that no intercepts do beside it.</param>
    internal static PartCost Of(
        CostRows train,
        double[] trainOffsets,
        CostRows validation,
        double[] validationOffsets,
        int sites,
        bool tellsSites
    )
    {
        using var scope = NewDisposeScope();
        var beside = tellsSites ? 0 : sites;
        var plain = Regression.Fit(train, null, sites);
        var knowing = Regression.Fit(train, trainOffsets, beside);
        var (without, with) = (plain.Logits(validation), knowing.Logits(validation));
        double[] gains =
        [
            .. validation.Outcomes.Select(
                (y, row) =>
                    LogLikelihood(y, with[row] + validationOffsets[row]) - LogLikelihood(y, without[row])
            ),
        ];
        var (mean, deviation) = MathNet.Numerics.Statistics.ArrayStatistics.MeanStandardDeviation(gains);
        return new(
            deviation > 0 ? mean / deviation * Math.Sqrt(gains.Length) : 0,
            Auroc(validation.Outcomes, with) - Auroc(validation.Outcomes, without),
            LeaveSitesOut(train, trainOffsets, sites, beside)
        );
    }

    private static double LeaveSitesOut(CostRows rows, double[] offsets, int sites, int beside)
    {
        var differences = new List<double>();
        for (var site = 0; site < sites; site++)
        {
            int[] there = [.. Enumerable.Range(0, rows.Count).Where(row => rows.Sites[row] == site)];
            var events = there.Sum(row => rows.Outcomes[row]);
            int[] others = [.. Enumerable.Range(0, rows.Count).Where(row => rows.Sites[row] != site)];
            if (Math.Min(events, there.Length - events) < LeastRows || others.Length == 0)
                continue;
            using var scope = NewDisposeScope();
            var (tested, fitted) = (rows.Select(there), rows.Select(others));
            var plain = Regression.Fit(fitted, null, sites).Logits(tested);
            var knowing = Regression
                .Fit(fitted, [.. others.Select(row => offsets[row])], beside)
                .Logits(tested);
            differences.Add(Auroc(tested.Outcomes, knowing) - Auroc(tested.Outcomes, plain));
        }
        return differences.Count == 0 ? double.NaN : differences.Average();
    }

    private static double LogLikelihood(int outcome, double logit)
    {
        var against = outcome > 0 ? -logit : logit;
        return -(Math.Max(against, 0) + Math.Log(1 + Math.Exp(-Math.Abs(against))));
    }

    private static double Auroc(int[] outcomes, double[] logits) =>
        Metrics.Auroc.Compute(
            [.. outcomes.Select(y => (float)y)],
            [.. logits.Select(logit => (float)SpecialFunctions.Logistic(logit))]
        );

    /// <summary>Slopes on the scores, and intercepts of all rows and of sites.</summary>
    private sealed record Regression(Tensor Slopes, double[] SiteIntercepts)
    {
        internal static Regression Fit(CostRows rows, double[]? offsets, int sites)
        {
            var design = cat([rows.Values, Intercepts(rows, sites)], 1);
            var width = rows.Width + sites;
            var coefficients = RidgeLogistic.Fit(
                design,
                tensor([.. rows.Outcomes.Select(y => (double)y)]),
                tensor(offsets ?? new double[rows.Count]),
                new double[width + 1],
                [.. Enumerable.Repeat(Precision, width), Unpenalised]
            );
            double[] slopes = [.. coefficients[..rows.Width], coefficients[^1]];
            return new(tensor(slopes), coefficients[rows.Width..^1]);
        }

        internal double[] Logits(CostRows rows)
        {
            var logits = rows.Values.mv(Slopes.narrow(0, 0, rows.Width)).Elements<double>();
            var common = Slopes[rows.Width].item<double>();
            return
            [
                .. logits.Select(
                    (logit, row) =>
                        logit + common + (SiteIntercepts.Length > 0 ? SiteIntercepts[rows.Sites[row]] : 0)
                ),
            ];
        }

        private static Tensor Intercepts(CostRows rows, int sites)
        {
            var flags = new double[rows.Count * (sites + 1)];
            for (var row = 0; row < rows.Count; row++)
            {
                if (sites > 0)
                    flags[row * (sites + 1) + rows.Sites[row]] = 1;
                flags[row * (sites + 1) + sites] = 1;
            }
            return tensor(flags, [rows.Count, sites + 1]);
        }
    }
}
