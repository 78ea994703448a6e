namespace CausalDebiasing.Debiasing;

/// <summary>
/// How patients relate risk and pattern who are measured as often as those of a deployment, and by what those of training were
/// measured by: what is missing for all, or for none, tells them nothing apart.
/// </summary>
/// <param name="Slopes">Their slopes.</param>
/// <param name="ByModality">Those of what each modality tells, [M].</param>
/// <param name="StandardError">Of the slope beside severity.</param>
internal sealed record PatternExpectation(PatternSlopes Slopes, double[] ByModality, double StandardError)
{
    /// <summary>See <see cref="IsPlain"/>.</summary>
    private const double LeastZ = 2;

    /// <summary>From here on a position is known to a fifth.</summary>
    private const double ClearZ = 5;

    /// <summary>
    /// Whether the deployment measures nearly the same of all its patients, unlike training: whatever decides there, it is not what did
    /// here.
    /// </summary>
    internal bool IsMeasuredAlike { get; init; }

    /// <summary>The slope beside severity over its standard error.</summary>
    private double Z => Slopes.Beside / StandardError;

    /// <summary>Whether risk and pattern relate by two standard errors, so that a deployment can be compared with it.</summary>
    internal bool IsPlain => Z > LeastZ;

    /// <summary>
    /// Whether a deployment is better compared with this than with another: what is faint among validation patients may well have the
    /// other sign elsewhere.
    /// </summary>
    internal bool IsPreferredTo(PatternExpectation other) => IsPlain && (Z > ClearZ || !(other.Z > Z));
}
