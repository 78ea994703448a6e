using System.Text.Json.Serialization;
using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Debiasing;

/// <summary>How the rows of a deployment look, without outcomes: what is measured, and which risks are predicted.</summary>
internal sealed record DeploymentProfile
{
    private const int Groups = 10;

    [JsonInclude]
    internal int Rows { get; private init; }

    /// <summary>Share of the rows in which each of the M modalities is observed.</summary>
    [JsonInclude]
    internal double[] Observed { get; private init; } = [];

    /// <summary>
    /// Interventional risks between which groups of about a tenth of the rows lie, rising; none of fewer rows than
    /// <see cref="PatternShift.LeastPatients"/>, of which they would be nearly all.
    /// </summary>
    [JsonInclude]
    internal float[] Limits { get; private init; } = [];

    /// <summary>Number of rows in each group, one more than there are limits.</summary>
    [JsonInclude]
    internal int[] Risks { get; private init; } = [];

    /// <param name="deployment">At least one row.</param>
    /// <param name="risk">Interventional predictions, [n].</param>
    internal static DeploymentProfile Of(Cohort deployment, float[] risk)
    {
        float[] sorted = [.. risk.Order()];
        float[] limits =
            deployment.Count < PatternShift.LeastPatients
                ? []
                :
                [
                    .. Enumerable
                        .Range(1, Groups - 1)
                        .Select(g => sorted[g * sorted.Length / Groups])
                        .Distinct(),
                ];
        return Of(deployment, risk, limits);
    }

    /// <summary>Other rows, their risks grouped as these.</summary>
    internal DeploymentProfile Same(Cohort deployment, float[] risk) => Of(deployment, risk, Limits);

    private static DeploymentProfile Of(Cohort deployment, float[] risk, float[] limits)
    {
        var observed = new double[deployment.Modalities.Count];
        for (var i = 0; i < deployment.Mask.Length; i++)
            observed[i % observed.Length] += deployment.Mask[i] ? 1.0 / deployment.Count : 0;
        var risks = new int[limits.Length + 1];
        foreach (var own in risk)
            risks[limits.Count(limit => own >= limit)]++;
        return new()
        {
            Rows = deployment.Count,
            Observed = observed,
            Limits = limits,
            Risks = risks,
        };
    }
}
