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

    /// <summary>How patients relate risk and pattern, all of them and without every group of the jackknife. Needs no outcomes.</summary>
    /// <param name="cohort">The patients, taken together.</param>
    /// <param name="recorded">Their risk, [n].</param>
    /// <param name="risk">Gives the risk of the same patients with fewer modalities, [n] for n rows.</param>
    internal static (PatternRelation All, PatternRelation[] Without) Relations(
        Cohort cohort,
        float[] recorded,
        Func<Cohort, float[]> risk
    )
    {
        var within = Within(cohort, recorded, risk);
        var all = new PatternSums(cohort.Modalities.Count);
        var groups = Enumerable
            .Range(0, Jackknife.Groups)
            .Select(_ => new PatternSums(cohort.Modalities.Count))
            .ToArray();
        for (var row = 0; row < cohort.Count; row++)
        {
            all.Add(cohort.Pattern(row), recorded[row]);
            groups[row % groups.Length].Add(cohort.Pattern(row), recorded[row]);
        }
        PatternRelation Of(PatternSums sums) => new() { Between = sums.Moments, Within = within };
        return (Of(all), [.. groups.Select(group => Of(all.Less(group)))]);
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

    private static PatternMoments Within(Cohort cohort, float[] recorded, Func<Cohort, float[]> risk)
    {
        var less = WithLess(cohort);
        float[][] risks = [.. less.Select(risk)];
        PatternMoments Patient(int row, int i)
        {
            var sums = new PatternSums(cohort.Modalities.Count);
            sums.Add(cohort.Pattern(row), recorded[row]);
            foreach (var (version, own) in less.Zip(risks))
                sums.Add(version.Pattern(i), own[i]);
            return sums.Moments;
        }
        return PatternMoments.Sum([.. EvenlySpread.Of(cohort.Count, MostPatients).Select(Patient)]);
    }
}
