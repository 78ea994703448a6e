using System.Text.Json.Serialization;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// What the missingness pattern tells of the outcome, P(y = 1 | r): what its modalities tell one by one, and for patterns
/// that many rows share what the pattern itself tells. Two ways take it out: weights w(y, r) = P(y) / P(y | r), clipped,
/// the weighting form of the backdoor adjustment for r, or an offset of the logit (logit adjustment).
/// </summary>
internal sealed class LabelBalance
{
    /// <summary>Largest weight.</summary>
    private const double Clip = 20;

    private const int Passes = 20;

    /// <summary>
    /// Rows of its own that a pattern needs to weigh as much as its modalities one by one. With many modalities most
    /// patterns have one row, whose outcome they would give away.
    /// </summary>
    private const double PriorRows = 20;

    /// <summary>P(y = 1).</summary>
    [JsonInclude]
    internal double Prevalence { get; private init; }

    /// <summary>Additive in the modalities.</summary>
    [JsonInclude]
    internal PatternLogit Additive { get; private init; } = new();

    /// <summary>P(y = 1 | r) for every pattern that one row or more had.</summary>
    [JsonInclude]
    internal Dictionary<int, double> Rates { get; private init; } = [];

    /// <summary>Estimates the rates, counting patterns over several passes of thinning.</summary>
    internal static LabelBalance Fit(Cohort train, Thinning thinning, Seed seed)
    {
        var passes = thinning.IsActive ? Passes : 1;
        var counts = Count(train, thinning, passes, seed);
        var additive = PatternLogit.Fit(counts, train.Modalities.Count);
        return new()
        {
            Prevalence = train.Prevalence,
            Additive = additive,
            Rates = counts
                .Where(pair => pair.Value.Negative + pair.Value.Positive >= 1)
                .ToDictionary(
                    pair => pair.Key,
                    pair =>
                        (pair.Value.Positive + PriorRows * additive.Rate(pair.Key))
                        / (pair.Value.Positive + pair.Value.Negative + PriorRows)
                ),
        };
    }

    /// <summary>Rows with each pattern, by outcome, on average over the passes.</summary>
    private static Dictionary<int, (double Negative, double Positive)> Count(
        Cohort train,
        Thinning thinning,
        int passes,
        Seed seed
    )
    {
        var counts = new Dictionary<int, (double Negative, double Positive)>();
        var random = new Random(seed.Derive("balance").ToInt32());
        var share = 1.0 / passes;
        for (var pass = 0; pass < passes; pass++)
        for (var row = 0; row < train.Count; row++)
        {
            var pattern = thinning.Apply(train.Pattern(row), train.Modalities.Count, random);
            var (negative, positive) = counts.GetValueOrDefault(pattern);
            counts[pattern] =
                train.Labels[row] > 0 ? (negative, positive + share) : (negative + share, positive);
        }
        return counts;
    }

    /// <summary>The weight of a row.</summary>
    internal double Weight(int pattern, bool positive)
    {
        var rate = Rates.TryGetValue(pattern, out var own) ? own : Additive.Rate(pattern);
        return Weight(Prevalence, rate, positive);
    }

    /// <summary>P(y) / P(y | group) of a row in a group of rows, clipped.</summary>
    internal static double Weight(double prevalence, double rate, bool positive) =>
        Math.Min(Clip, positive ? prevalence / rate : (1 - prevalence) / (1 - rate));

    /// <summary>The weights of all rows, [n].</summary>
    internal float[] Weights(Cohort cohort) =>
        [
            .. Enumerable
                .Range(0, cohort.Count)
                .Select(row => (float)Weight(cohort.Pattern(row), cohort.Labels[row] > 0)),
        ];

    /// <summary>
    /// log P(y = 1 | r) / P(y = 0 | r), less the same without r, within +-log <see cref="Clip"/>.
    /// </summary>
    internal double LogOdds(int pattern) => Math.Log(Weight(pattern, false) / Weight(pattern, true));

    /// <summary>The same of all rows, [n].</summary>
    internal double[] LogOdds(Cohort cohort) =>
        [.. Enumerable.Range(0, cohort.Count).Select(row => LogOdds(cohort.Pattern(row)))];
}
