using CausalDebiasing.Cohorts;
using CausalDebiasing.Numerics;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Debiasing;

/// <summary>How patients relate risk and pattern, freed of what the same patients' risk owes to what is recorded of them.</summary>
internal static class SamePatients
{
    /// <summary>Patients that are looked at for that, at most.</summary>
    private const int MostPatients = 4000;

    private const int Draws = 2;

    /// <summary>The slopes of some of the patients, by position. Needs no outcomes.</summary>
    /// <param name="cohort">The patients, taken together.</param>
    /// <param name="recorded">Their risk, [n].</param>
    /// <param name="risk">Gives the risk of the same patients with fewer modalities, [n] for n rows.</param>
    /// <param name="offset">What patterns tell.</param>
    internal static Func<IEnumerable<int>, PatternSlopes> Slopes(
        Cohort cohort,
        float[] recorded,
        Func<Cohort, float[]> risk,
        PatternOffset offset
    )
    {
        var leak = Leak(cohort, recorded, risk, offset);
        return rows => PatternSlopeSums.SlopesOf(offset, cohort, recorded, leak, rows);
    }

    /// <summary>
    /// The patients that are looked at, each with the modalities that it shares with others at random; the same for the same
    /// patients.
    /// </summary>
    internal static Cohort[] WithLess(Cohort cohort)
    {
        var patients = cohort.Select(EvenlySpread.Of(cohort.Count, MostPatients));
        var thinning = new PatternThinning(new(0, 1), patients);
        var random = new Random(new Seed(1).Derive("leak").ToInt32());
        Cohort Thinned()
        {
            int[] patterns =
            [
                .. Enumerable
                    .Range(0, patients.Count)
                    .Select(row => thinning.Apply(patients.Pattern(row), random)),
            ];
            return patients.WithMask(MissingnessPattern.ToMask(patterns, patients.Modalities.Count));
        }
        return [.. Enumerable.Range(0, Draws).Select(_ => Thinned())];
    }

    private static PatternLeak Leak(
        Cohort cohort,
        float[] recorded,
        Func<Cohort, float[]> risk,
        PatternOffset offset
    )
    {
        var less = WithLess(cohort);
        float[][] risks = [.. less.Select(risk)];
        var rows = EvenlySpread.Of(cohort.Count, MostPatients);
        var sums = new PatternSlopeSums(offset);
        for (var i = 0; i < rows.Length; i++)
            sums.Add(
                [
                    (cohort.Pattern(rows[i]), recorded[rows[i]]),
                    .. less.Zip(risks, (version, own) => (version.Pattern(i), own[i])),
                ],
                default
            );
        return sums.Leak;
    }
}
