using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Least-squares slopes of the interventional risk on what the pattern tells of the outcome, within groups and pooled over
/// them.
/// </summary>
/// <param name="Alone">On it alone.</param>
/// <param name="Beside">Beside what the pattern tells of severity.</param>
internal readonly record struct PatternSlopes(double Alone, double Beside)
{
    /// <summary>Of one group: the rows of a cohort.</summary>
    /// <param name="offset">That tells what patterns tell.</param>
    /// <param name="cohort">The rows.</param>
    /// <param name="risk">Their interventional predictions, [n].</param>
    internal static PatternSlopes Of(PatternOffset offset, Cohort cohort, float[] risk) =>
        Of(offset, cohort, risk, Enumerable.Range(0, cohort.Count));

    /// <summary>The same of some of its rows.</summary>
    internal static PatternSlopes Of(PatternOffset offset, Cohort cohort, float[] risk, IEnumerable<int> rows)
    {
        var sums = new PatternSlopeSums(offset);
        sums.Add([.. rows.Select(row => (cohort.Pattern(row), risk[row]))]);
        return sums.Slopes;
    }

    /// <summary>Differences of both.</summary>
    public static PatternSlopes operator -(PatternSlopes left, PatternSlopes right) =>
        new(left.Alone - right.Alone, left.Beside - right.Beside);
}
