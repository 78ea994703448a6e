using System.Text.Json.Serialization;
using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// What was decided for the patients of a deployment, with the evidence; made by <see cref="DebiasedPredictor.DeployTo"/> and
/// stored with the model.
/// </summary>
public sealed record DeploymentDecision
{
    /// <summary>What all predictions do with what missingness patterns tell.</summary>
    public PatternPart Pattern { get; init; }

    /// <summary>One sentence on why; it holds no value of a patient.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Number of rows that it was decided on.</summary>
    public int Rows { get; init; }

    /// <summary><see cref="PatternShift.Position"/> of these rows; null where it could not be judged or was not asked for.</summary>
    public double? Position { get; init; }

    /// <summary><see cref="PatternShift.StandardError"/> of the position; null where that is.</summary>
    public double? StandardError { get; init; }

    /// <summary>How these rows look, for <see cref="DebiasedPredictor.CheckDrift"/>.</summary>
    [JsonInclude]
    internal DeploymentProfile Profile { get; init; } = new();

    /// <summary>The decision on rows of a deployment.</summary>
    /// <param name="deployment">The rows.</param>
    /// <param name="risk">Their interventional predictions, [n].</param>
    /// <param name="shift">How they relate risk and pattern; null where patterns are not adjusted for.</param>
    /// <param name="choice">By which the pattern is kept or left out.</param>
    internal static DeploymentDecision Of(
        Cohort deployment,
        float[] risk,
        PatternShift? shift,
        PatternChoice choice
    ) =>
        new()
        {
            Pattern = choice.Part(shift, deployment.Count),
            Reason = choice.Reason(shift, deployment.Count),
            Rows = deployment.Count,
            Position = Finite(shift?.Position),
            StandardError = Finite(shift?.StandardError),
            Profile = DeploymentProfile.Of(deployment, risk),
        };

    private static double? Finite(double? number) => number is { } own && double.IsFinite(own) ? own : null;
}
