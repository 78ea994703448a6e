namespace CausalDebiasing.Debiasing;

/// <summary>
/// Least-squares slopes of the interventional risk on what the pattern tells of the outcome, within groups and pooled over
/// them.
/// </summary>
/// <param name="Alone">On it alone.</param>
/// <param name="Beside">Beside what the pattern tells of severity.</param>
internal readonly record struct PatternSlopes(double Alone, double Beside)
{
    /// <summary>Differences of both.</summary>
    public static PatternSlopes operator -(PatternSlopes left, PatternSlopes right) =>
        new(left.Alone - right.Alone, left.Beside - right.Beside);
}
