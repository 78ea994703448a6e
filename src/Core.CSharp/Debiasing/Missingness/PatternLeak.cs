using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;

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
    /// <summary>Patients that are looked at, at most, evenly spread.</summary>
    private const int MostPatients = 4000;

    private const int Draws = 2;

    /// <summary>Of patients, each with the modalities that it shares with others at random. Needs no outcomes.</summary>
    /// <param name="cohort">The patients, taken together.</param>
    /// <param name="risk">Gives the risk of patients, [n].</param>
    /// <param name="offset">What patterns tell.</param>
    internal static PatternLeak Of(Cohort cohort, Func<Cohort, float[]> risk, PatternOffset offset)
    {
        var count = Math.Min(cohort.Count, MostPatients);
        var patients =
            count == cohort.Count
                ? cohort
                : cohort.Select([
                    .. Enumerable.Range(0, count).Select(i => (int)((long)i * cohort.Count / count)),
                ]);
        // The same patients have the same leak whenever they are looked at.
        var random = new Random(new Seed(1).Derive("leak").ToInt32());
        Cohort[] versions =
        [
            patients,
            .. Enumerable.Range(0, Draws).Select(_ => ThinnedByOthers(patients, random)),
        ];
        float[][] risks = [.. versions.Select(risk)];
        var sums = new PatternSlopeSums(offset);
        for (var row = 0; row < count; row++)
            sums.Add([.. versions.Zip(risks, (version, own) => (version.Pattern(row), own[row]))], default);
        return sums.Leak;
    }

    /// <summary>A risk less what it owes to the pattern.</summary>
    internal double Without(double risk, (double Outcome, double Severity) axes) =>
        risk - Outcome * axes.Outcome - Severity * axes.Severity;

    private static Cohort ThinnedByOthers(Cohort cohort, Random random)
    {
        var modalities = cohort.Modalities.Count;
        var thinning = new PatternThinning(new(0, 1), cohort);
        var mask = new bool[cohort.Count * modalities];
        for (var row = 0; row < cohort.Count; row++)
            MissingnessPattern.Write(
                thinning.Apply(cohort.Pattern(row), random),
                mask.AsSpan(row * modalities, modalities)
            );
        return cohort.WithMask(mask);
    }
}
