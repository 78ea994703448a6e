using System.Text.Json.Serialization;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Products of presences r and risk p, each less its mean, summed over rows: what r tells by any weights of the M modalities
/// relates to p as these say.
/// </summary>
internal sealed record PatternMoments
{
    /// <summary>Number of rows.</summary>
    [JsonInclude]
    internal int Count { get; init; }

    /// <summary>Of presences, [M * M].</summary>
    [JsonInclude]
    internal double[] Presences { get; init; } = [];

    /// <summary>Of presences and the risk, [M].</summary>
    [JsonInclude]
    internal double[] PresencesAndRisk { get; init; } = [];

    /// <summary>Of the risk.</summary>
    [JsonInclude]
    internal double Risk { get; init; }

    /// <summary>Variance of the presence of each modality, [M].</summary>
    internal double[] Variances =>
        [
            .. PresencesAndRisk.Select(
                (_, m) => Presences[m * PresencesAndRisk.Length + m] / Math.Max(1, Count)
            ),
        ];

    /// <summary>Variance of a weighted sum of presences.</summary>
    internal double VarianceOf(double[] weights) => Dot(weights, PresencesAnd(weights)) / Math.Max(1, Count);

    /// <summary>Of presences and a weighted sum of them, [M].</summary>
    internal double[] PresencesAnd(double[] weights)
    {
        var products = new double[weights.Length];
        for (var m = 0; m < products.Length; m++)
        for (var other = 0; other < weights.Length; other++)
            products[m] += Presences[m * weights.Length + other] * weights[other];
        return products;
    }

    /// <summary>Of a risk from which a weighted sum of presences is taken.</summary>
    internal PatternMoments Without(double[] weights)
    {
        var owed = PresencesAnd(weights);
        return this with
        {
            PresencesAndRisk = [.. PresencesAndRisk.Zip(owed, (all, own) => all - own)],
            Risk = Risk - 2 * Dot(weights, PresencesAndRisk) + Dot(weights, owed),
        };
    }

    /// <summary>Of the rows of both, each less the mean of its own.</summary>
    internal static PatternMoments Sum(IReadOnlyList<PatternMoments> groups) =>
        new()
        {
            Count = groups.Sum(own => own.Count),
            Presences = Sum(groups, own => own.Presences),
            PresencesAndRisk = Sum(groups, own => own.PresencesAndRisk),
            Risk = groups.Sum(own => own.Risk),
        };

    internal static double Dot(double[] first, double[] second) => first.Zip(second, (a, b) => a * b).Sum();

    private static double[] Sum(IReadOnlyList<PatternMoments> groups, Func<PatternMoments, double[]> part)
    {
        var sum = new double[groups.Count == 0 ? 0 : part(groups[0]).Length];
        foreach (var own in groups.Select(part))
            for (var i = 0; i < sum.Length; i++)
                sum[i] += own[i];
        return sum;
    }
}
