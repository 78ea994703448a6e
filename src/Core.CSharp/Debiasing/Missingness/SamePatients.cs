using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Debiasing;

/// <summary>The same patients with more and with less recorded of them.</summary>
internal static class SamePatients
{
    /// <summary>Patients that are looked at, at most, evenly spread.</summary>
    private const int MostPatients = 4000;

    private const int Draws = 2;

    /// <summary>
    /// The patients, or as many as are looked at, as they are recorded and with what each shares with others at random; the
    /// same for the same patients.
    /// </summary>
    internal static Cohort[] Versions(Cohort cohort)
    {
        var count = Math.Min(cohort.Count, MostPatients);
        var patients =
            count == cohort.Count
                ? cohort
                : cohort.Select([
                    .. Enumerable.Range(0, count).Select(i => (int)((long)i * cohort.Count / count)),
                ]);
        var random = new Random(new Seed(1).Derive("leak").ToInt32());
        return [patients, .. Enumerable.Range(0, Draws).Select(_ => ThinnedByOthers(patients, random))];
    }

    /// <summary>What their risk owes to what is recorded. Needs no outcomes.</summary>
    /// <param name="cohort">The patients, taken together.</param>
    /// <param name="risk">Gives the risk of patients, [n].</param>
    /// <param name="offset">What patterns tell.</param>
    internal static PatternLeak Leak(Cohort cohort, Func<Cohort, float[]> risk, PatternOffset offset)
    {
        var versions = Versions(cohort);
        float[][] risks = [.. versions.Select(risk)];
        var sums = new PatternSlopeSums(offset);
        for (var row = 0; row < versions[0].Count; row++)
            sums.Add([.. versions.Zip(risks, (version, own) => (version.Pattern(row), own[row]))], default);
        return sums.Leak;
    }

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
