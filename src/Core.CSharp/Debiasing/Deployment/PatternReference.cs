using CausalDebiasing.Cohorts;
using CausalDebiasing.Numerics;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// What a deployment is compared with: how validation patients, whose patterns came about as those of training, relate risk
/// and pattern. Needs no outcomes.
/// </summary>
/// <param name="Training">Their slopes.</param>
/// <param name="StandardError">Of the slope beside severity.</param>
internal readonly record struct PatternReference(PatternSlopes Training, double StandardError)
{
    /// <summary>See <see cref="IsPlain"/>.</summary>
    private const double LeastZ = 2;

    /// <summary>From here on a position is known to a fifth.</summary>
    private const double ClearZ = 5;

    /// <summary>The slope beside severity over its standard error.</summary>
    private double Z => Training.Beside / StandardError;

    /// <summary>Whether risk and pattern relate by two standard errors, so that a deployment can be compared with it.</summary>
    internal bool IsPlain => Z > LeastZ;

    /// <summary>
    /// Whether a deployment is better compared with this than with another: what is faint among validation patients may well have the
    /// other sign elsewhere.
    /// </summary>
    internal bool IsPreferredTo(PatternReference other) => IsPlain && (Z > ClearZ || !(other.Z > Z));

    /// <summary>Of validation patients.</summary>
    /// <param name="validation">The patients.</param>
    /// <param name="recorded">Their interventional predictions, [n].</param>
    /// <param name="risk">Gives those of the same patients with fewer modalities, [n] for n rows.</param>
    /// <param name="offset">Of the training rows.</param>
    internal static PatternReference Of(
        Cohort validation,
        float[] recorded,
        Func<Cohort, float[]> risk,
        PatternOffset offset
    )
    {
        var slopes = SamePatients.Slopes(validation, recorded, risk, offset);
        return new(
            slopes(Enumerable.Range(0, validation.Count)),
            Jackknife.StandardError(validation.Count, rows => slopes(rows).Beside)
        );
    }
}
