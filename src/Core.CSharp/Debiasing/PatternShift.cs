using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Whether risk and missingness pattern relate among deployment patients as they did in training. Needs no outcomes: the
/// slope of the interventional prediction on the pattern's log odds is compared with that among training patients and
/// with that under random patterns.
/// </summary>
/// <param name="Position">
/// Where the deployment's slope lies: 1 as in training, 0 as under do(pattern), below 0 reversed; NaN where it cannot be
/// judged, with fewer than <see cref="LeastPatients"/> or where training shows no relation.
/// </param>
public sealed record PatternShift(double Position)
{
    /// <summary>Deployment patients below which nothing is judged.</summary>
    public const int LeastPatients = 100;

    /// <summary>Whether the relation is nearer to that of training than to none.</summary>
    public bool IsAsInTraining => Position > 0.5;

    /// <summary>The comparison with the slopes in training.</summary>
    internal static PatternShift Of(
        PatternReference reference,
        Cohort deployment,
        float[] risk,
        LabelBalance balance
    )
    {
        var relation = reference.Training - reference.Randomised;
        return deployment.Count < LeastPatients || !(relation > 0)
            ? new(double.NaN)
            : new((PatternReference.Slope(deployment, risk, balance) - reference.Randomised) / relation);
    }
}
