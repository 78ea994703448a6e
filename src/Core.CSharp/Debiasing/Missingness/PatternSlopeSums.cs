using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Debiasing;

/// <summary>What <see cref="PatternSlopes"/> and a <see cref="PatternLeak"/> are computed from, group by group.</summary>
internal sealed class PatternSlopeSums(PatternOffset offset)
{
    /// <summary>Where outcome and severity tell the same, the slope beside the other is that on the first alone.</summary>
    private const double Ridge = 0.05;

    private const double Least = 1e-9;

    private int count;
    private double outcomeSquares;
    private double severitySquares;
    private double riskSquares;
    private double products;
    private double outcomeRisk;
    private double severityRisk;

    /// <summary>0 where all patterns tell the same of the outcome, or all risks are the same.</summary>
    internal PatternSlopes Slopes
    {
        get
        {
            var left = riskSquares - severityRisk * severityRisk / Severity;
            return new(
                riskSquares > Least ? outcomeRisk / riskSquares : 0,
                left > Least ? OutcomeRiskLeft / left : 0,
                riskSquares / Math.Max(1, count)
            );
        }
    }

    /// <summary>0 where all patterns tell the same.</summary>
    internal PatternLeak Leak
    {
        get
        {
            var left = outcomeSquares - products * products / Severity;
            var outcome = left > Least ? OutcomeRiskLeft / left : 0;
            return new(outcome, (severityRisk - products * outcome) / Severity);
        }
    }

    private double Severity => severitySquares * (1 + Ridge) + Least;

    /// <summary>Of what severity leaves.</summary>
    private double OutcomeRiskLeft => outcomeRisk - products / Severity * severityRisk;

    /// <summary>Adds a group.</summary>
    internal void Add((int Pattern, float Risk)[] group, PatternLeak leak)
    {
        if (group.Length == 0)
            return;
        var axes = group.Select(row => offset.Axes(row.Pattern)).ToArray();
        double[] risks = [.. group.Zip(axes, (row, own) => leak.Without(row.Risk, own))];
        var (outcome, severity) = (axes.Average(a => a.Outcome), axes.Average(a => a.Severity));
        var risk = risks.Average();
        count += group.Length;
        for (var i = 0; i < group.Length; i++)
        {
            var (u, v, p) = (axes[i].Outcome - outcome, axes[i].Severity - severity, risks[i] - risk);
            outcomeSquares += u * u;
            severitySquares += v * v;
            riskSquares += p * p;
            products += u * v;
            outcomeRisk += u * p;
            severityRisk += v * p;
        }
    }

    /// <summary>Of one group, rows of a cohort.</summary>
    /// <param name="offset">That tells what patterns tell.</param>
    /// <param name="cohort">All rows.</param>
    /// <param name="risk">Their interventional predictions, [n].</param>
    /// <param name="leak">What these owe to the pattern.</param>
    /// <param name="rows">Which of the rows.</param>
    internal static PatternSlopes SlopesOf(
        PatternOffset offset,
        Cohort cohort,
        float[] risk,
        PatternLeak leak,
        IEnumerable<int> rows
    )
    {
        var sums = new PatternSlopeSums(offset);
        sums.Add([.. rows.Select(row => (cohort.Pattern(row), risk[row]))], leak);
        return sums.Slopes;
    }
}
