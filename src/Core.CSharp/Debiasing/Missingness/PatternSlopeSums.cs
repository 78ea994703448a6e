using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Debiasing;

/// <summary>What <see cref="PatternSlopes"/> are computed from, group by group.</summary>
internal sealed class PatternSlopeSums(PatternOffset offset)
{
    /// <summary>Where both tell the same, the slope beside the other is that on the first alone.</summary>
    private const double Ridge = 0.05;

    private const double Least = 1e-9;

    private double outcomeSquares;
    private double severitySquares;
    private double products;
    private double outcomeRisk;
    private double severityRisk;

    /// <summary>0 where all patterns tell the same of the outcome.</summary>
    internal PatternSlopes Slopes
    {
        get
        {
            var severity = severitySquares * (1 + Ridge) + Least;
            var left = outcomeSquares - products * products / severity;
            return new(
                outcomeSquares > Least ? outcomeRisk / outcomeSquares : 0,
                left > Least ? (outcomeRisk - products / severity * severityRisk) / left : 0
            );
        }
    }

    /// <summary>Adds a group.</summary>
    internal void Add((int Pattern, float Risk)[] group)
    {
        if (group.Length == 0)
            return;
        var axes = group.Select(row => offset.Axes(row.Pattern)).ToArray();
        var (outcome, severity) = (axes.Average(a => a.Outcome), axes.Average(a => a.Severity));
        var risk = group.Average(row => (double)row.Risk);
        for (var i = 0; i < group.Length; i++)
        {
            var (u, v, p) = (axes[i].Outcome - outcome, axes[i].Severity - severity, group[i].Risk - risk);
            outcomeSquares += u * u;
            severitySquares += v * v;
            products += u * v;
            outcomeRisk += u * p;
            severityRisk += v * p;
        }
    }

    /// <summary>Of one group, the rows of a cohort.</summary>
    /// <param name="offset">That tells what patterns tell.</param>
    /// <param name="cohort">The rows.</param>
    /// <param name="risk">Their interventional predictions, [n].</param>
    internal static PatternSlopes SlopesOf(PatternOffset offset, Cohort cohort, float[] risk) =>
        SlopesOf(offset, cohort, risk, Enumerable.Range(0, cohort.Count));

    /// <summary>The same of some of its rows.</summary>
    internal static PatternSlopes SlopesOf(
        PatternOffset offset,
        Cohort cohort,
        float[] risk,
        IEnumerable<int> rows
    )
    {
        var sums = new PatternSlopeSums(offset);
        sums.Add([.. rows.Select(row => (cohort.Pattern(row), risk[row]))]);
        return sums.Slopes;
    }
}
