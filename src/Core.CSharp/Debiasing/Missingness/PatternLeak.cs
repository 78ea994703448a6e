namespace CausalDebiasing.Debiasing;

/// <summary>
/// What the risk of given patients owes to what happens to be recorded of them: the slopes of the same patients' risk under
/// random patterns. With less recorded a risk lies nearer to the mean, so that among mild patients it is higher and
/// among severe ones lower; and a network keeps some of the pattern.
/// </summary>
/// <param name="Outcome">On what the pattern tells of the outcome.</param>
/// <param name="Severity">On what it tells of severity.</param>
internal readonly record struct PatternLeak(double Outcome, double Severity)
{
    /// <summary>A risk less what it owes to the pattern.</summary>
    internal double Without(double risk, (double Outcome, double Severity) axes) =>
        risk - Outcome * axes.Outcome - Severity * axes.Severity;
}
