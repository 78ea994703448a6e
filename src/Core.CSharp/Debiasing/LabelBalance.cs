using System.Text.Json.Serialization;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// What the missingness pattern tells of the outcome, P(y = 1 | r), smoothed; and the two ways to take it out: as
/// weights w(y, r) = P(y) / P(y | r), clipped, the weighting form of the backdoor adjustment for r, or as an offset of
/// the logit (logit adjustment).
/// </summary>
internal sealed class LabelBalance
{
    /// <summary>Largest weight.</summary>
    internal const double Clip = 20;

    private const int Passes = 20;

    /// <summary>P(y = 1).</summary>
    [JsonInclude]
    internal double Prevalence { get; private init; }

    /// <summary>P(y = 1 | r) for every pattern that training showed.</summary>
    [JsonInclude]
    internal Dictionary<int, double> Rates { get; private init; } = [];

    /// <summary>Estimates the rates, counting patterns over several passes of thinning.</summary>
    internal static LabelBalance Fit(Cohort train, Thinning thinning, Seed seed)
    {
        var counts = new Dictionary<int, (double Negative, double Positive)>();
        var random = new Random(seed.Derive("balance").ToInt32());
        for (var pass = 0; pass < (thinning.IsActive ? Passes : 1); pass++)
        for (var row = 0; row < train.Count; row++)
        {
            var pattern = thinning.Apply(train.Pattern(row), train.Modalities.Count, random);
            var (negative, positive) = counts.GetValueOrDefault(pattern);
            counts[pattern] = train.Labels[row] > 0 ? (negative, positive + 1) : (negative + 1, positive);
        }
        var prevalence = train.Prevalence;
        return new()
        {
            Prevalence = prevalence,
            Rates = counts.ToDictionary(
                pair => pair.Key,
                pair =>
                    (pair.Value.Positive + 2 * prevalence) / (pair.Value.Positive + pair.Value.Negative + 2)
            ),
        };
    }

    /// <summary>The weight of a row; 1 for a pattern that training never showed.</summary>
    internal double Weight(int pattern, bool positive) =>
        !Rates.TryGetValue(pattern, out var rate)
            ? 1
            : Math.Min(Clip, positive ? Prevalence / rate : (1 - Prevalence) / (1 - rate));

    /// <summary>
    /// log P(y = 1 | r) / P(y = 0 | r), less the same without r, within +-log <see cref="Clip"/>; 0 for a pattern that
    /// training never showed.
    /// </summary>
    internal double LogOdds(int pattern) => Math.Log(Weight(pattern, false) / Weight(pattern, true));
}
