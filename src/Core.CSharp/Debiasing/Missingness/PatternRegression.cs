using CausalDebiasing.Cohorts;
using CausalDebiasing.Numerics;
using CausalDebiasing.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Estimates a <see cref="PatternOffset"/> from thinned training rows. The log odds of presence come from a logistic
/// regression of the outcome on a linear score of the values and on the presences; the presences that values let expect
/// from ridge regressions on the values of the other modalities and the outcome.
/// </summary>
internal sealed class PatternRegression
{
    private const int Passes = 5;

    /// <summary>Of linear regressions, in rows.</summary>
    private const double Ridge = 4;

    /// <summary>
    /// Prior precision of log odds. It is learnt from how far they exceed their own uncertainty (empirical Bayes, MacKay 1992),
    /// so that patterns which tell nothing have no offset, however many modalities there are and however few events.
    /// </summary>
    private const double FirstPrecision = 4,
        LeastPrecision = 1,
        MostPrecision = 1e4;

    /// <summary>Of the prior precision.</summary>
    private const int Steps = 6;

    /// <summary>Keeps the slope on a score that separates few rows finite.</summary>
    private const double ScorePrecision = 0.01;

    /// <summary>Keeps equations solvable.</summary>
    private const double Unpenalised = 1e-6;

    private readonly Tensor labels;
    private readonly Tensor values;

    /// <summary>The modality of every column of values.</summary>
    private readonly Tensor modalities;

    /// <summary>Presence of modalities in every pass, [N, M].</summary>
    private readonly Tensor[] shown;

    /// <summary>Sums over rows of products of [values, presence, outcome, 1], on average over the passes.</summary>
    private readonly Tensor moments;

    private PatternRegression(Cohort train, ValueSummary summary, PatternThinning thinning, Generator random)
    {
        var n = train.Count;
        labels = tensor(train.Labels.ToArray()).unsqueeze(1);
        values = tensor(summary.Of(train), [n, summary.Width]);
        modalities = tensor([.. summary.Modalities.Select(m => (long)m)], ScalarType.Int64);
        var mask = tensor(
            [.. train.Mask.ToArray().Select(observed => observed ? 1f : 0f)],
            [n, train.Modalities.Count]
        );
        shown =
        [
            .. Enumerable.Range(0, thinning.IsActive ? Passes : 1).Select(_ => thinning.Apply(mask, random)),
        ];
        moments = Moments();
    }

    private long Width => values.size(1);

    private long Modalities => shown[0].size(1);

    private long Label => Width + Modalities;

    private long One => Label + 1;

    /// <summary>The offset under patterns that are thinned in several passes.</summary>
    internal static PatternOffset Fit(Cohort train, Thinning thinning, HiddenPractice? practice, Seed seed)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var random = seed.Derive("balance").ToGenerator();
        var summary = ValueSummary.Fit(train);
        var regression = new PatternRegression(train, summary, new(thinning, train), random);
        var score = regression.Score();
        var presence = regression.LogOdds(score, practice);
        var expected = regression.Expected(summary).mv(tensor(presence)).Elements<double>();
        return new()
        {
            Values = summary,
            Presence = presence,
            Slopes = [.. expected[..summary.Width].Select(slope => -slope)],
            Constant = -expected[^1] - expected[^2] / 2,
            Severity = regression.Severity(score),
            Prevalence = train.Prevalence,
        };
    }

    /// <summary>Slopes on the values of the score that predicts the outcome best beside the presences, [D].</summary>
    private Tensor Score()
    {
        long[] columns = [.. Columns(0, Label), One];
        return Regress(columns, moments.select(1, Label)).narrow(0, 0, Width);
    }

    /// <summary>Log odds of the outcome for the presence of each modality beside the others and the score.</summary>
    private double[] LogOdds(Tensor score, HiddenPractice? practice)
    {
        var parts = zeros(values.size(0), Modalities)
            .index_add_(1, modalities, values * score.to(ScalarType.Float32), 1);
        var design = cat(
                [
                    .. shown.Select(mask =>
                        cat([(parts * mask).sum(1, keepdim: true), mask, ones_like(labels)], 1)
                    ),
                ],
                0
            )
            .to(ScalarType.Float64);
        var outcome = labels.repeat(shown.Length, 1).squeeze(1).to(ScalarType.Float64);
        var known = Known(practice);
        var precision = FirstPrecision;
        double[] found = [];
        for (var step = 0; step < Steps; step++)
        {
            var penalty = Penalty(design.size(1), precision * shown.Length);
            penalty[0] = ScorePrecision * shown.Length;
            var coefficients = RidgeLogistic.Fit(design, outcome, known, new double[penalty.Length], penalty);
            found = coefficients[1..^1];
            var rate = (design.mv(tensor(coefficients)) + known).sigmoid();
            var information =
                design.t().mm(design * (rate * (1 - rate)).unsqueeze(1)) + diag(tensor(penalty));
            var variances = (information.inverse().diagonal() * shown.Length).Elements<double>()[1..^1];
            var supported = variances.Sum(variance => Math.Max(0, 1 - precision * variance));
            precision = Math.Clamp(
                supported / Math.Max(1e-9, found.Sum(odds => odds * odds)),
                LeastPrecision,
                MostPrecision
            );
        }
        return found;
    }

    /// <summary>What practice tells of the outcome in every pass, [passes * N].</summary>
    private Tensor Known(HiddenPractice? practice)
    {
        if (practice is not { Count: > 0 })
            return zeros(labels.size(0) * shown.Length, ScalarType.Float64);
        int[] rows = [.. Enumerable.Range(0, (int)labels.size(0))];
        return tensor([.. shown.SelectMany(mask => practice.OfTraining(rows, Batch.PatternsOf(mask)))]);
    }

    /// <summary>
    /// Coefficients of every modality's presence on the values of the others, the outcome and 1, [K, M]; 0 elsewhere.
    /// </summary>
    private Tensor Expected(ValueSummary summary)
    {
        var fits = zeros(moments.size(0), Modalities, ScalarType.Float64);
        for (var m = 0; m < Modalities; m++)
        {
            long[] columns =
            [
                .. Columns(0, Width).Where(column => summary.Modalities[(int)column] != m),
                Label,
                One,
            ];
            fits.select(1, m).index_copy_(0, tensor(columns), Regress(columns, moments.select(1, Width + m)));
        }
        return fits;
    }

    /// <summary>The score's slopes on the presences within the outcome classes, [M].</summary>
    private double[] Severity(Tensor score)
    {
        var products = moments.narrow(1, 0, Width).mv(score);
        return Regress([.. Columns(Width, Modalities), Label, One], products)
            .narrow(0, 0, Modalities)
            .Elements<double>();
    }

    /// <summary>Coefficients of some columns, the last of which is 1, for a target with these products with all columns.</summary>
    private Tensor Regress(long[] columns, Tensor products)
    {
        var index = tensor(columns);
        var gram =
            moments.index_select(0, index).index_select(1, index)
            + diag(tensor(Penalty(columns.Length, Ridge)));
        return linalg.solve(gram, products.index_select(0, index).unsqueeze(1)).squeeze(1);
    }

    private Tensor Moments()
    {
        var sum = zeros(One + 1, One + 1, ScalarType.Float64);
        foreach (var mask in shown)
        {
            using var one = NewDisposeScope();
            var rows = cat([values * mask.index_select(1, modalities), mask, labels, ones_like(labels)], 1);
            sum.add_(rows.transpose(0, 1).mm(rows).to(ScalarType.Float64) / shown.Length);
        }
        return sum;
    }

    /// <summary>The same penalty of all coefficients but the last, the intercept.</summary>
    private static double[] Penalty(long count, double penalty) =>
        [.. Enumerable.Repeat(penalty, (int)count - 1), Unpenalised];

    private static IEnumerable<long> Columns(long start, long count) =>
        Enumerable.Range((int)start, (int)count).Select(column => (long)column);
}
