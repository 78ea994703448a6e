using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Least-squares slopes of the interventional risk on the pattern's log odds that a deployment is compared with. Neither
/// needs outcomes.
/// </summary>
/// <param name="Training">Among validation patients, whose patterns came about as those of training.</param>
/// <param name="Randomised">
/// Under random patterns: what the risk itself owes to the pattern, since a network keeps some of it.
/// </param>
internal readonly record struct PatternReference(double Training, double Randomised)
{
    private const int Patterns = 4;

    /// <summary>Both slopes; 0 where all patterns have the same log odds.</summary>
    /// <param name="validation">The patients.</param>
    /// <param name="risk">The interventional prediction, [n] for n rows.</param>
    /// <param name="balance">Of the training rows.</param>
    /// <param name="seed">Of the random patterns.</param>
    internal static PatternReference Of(
        Cohort validation,
        Func<Cohort, float[]> risk,
        LabelBalance balance,
        Seed seed
    )
    {
        var random = new Random(seed.Derive("patterns").ToInt32());
        var own = new SlopeSums();
        var samePatient = new (double LogOdds, double Risk)[validation.Count][];
        for (var row = 0; row < samePatient.Length; row++)
            samePatient[row] = new (double, double)[Patterns];
        for (var i = 0; i < Patterns; i++)
        {
            var thinned = ThinnedByOthers(validation, random);
            var risks = risk(thinned);
            for (var row = 0; row < risks.Length; row++)
                samePatient[row][i] = (balance.LogOdds(thinned.Pattern(row)), risks[row]);
        }
        foreach (var patient in samePatient)
            own.Add(patient);
        return new(Slope(validation, risk(validation), balance), own.Slope);
    }

    /// <summary>Slope of the risk on the pattern's log odds; 0 where all are the same.</summary>
    internal static double Slope(Cohort cohort, float[] risk, LabelBalance balance)
    {
        var sums = new SlopeSums();
        sums.Add([.. risk.Select((p, row) => (balance.LogOdds(cohort.Pattern(row)), (double)p))]);
        return sums.Slope;
    }

    /// <summary>Every row with the modalities that it shares with another at random; its own where they share none.</summary>
    private static Cohort ThinnedByOthers(Cohort cohort, Random random)
    {
        var modalities = cohort.Modalities.Count;
        var mask = new bool[cohort.Count * modalities];
        for (var row = 0; row < cohort.Count; row++)
        {
            var pattern = cohort.Pattern(row) & cohort.Pattern(random.Next(cohort.Count));
            if (pattern == 0)
                pattern = cohort.Pattern(row);
            for (var m = 0; m < modalities; m++)
                mask[row * modalities + m] = (pattern >> m & 1) == 1;
        }
        return cohort.WithMask(mask);
    }

    /// <summary>Slope within groups, pooled over them.</summary>
    private sealed class SlopeSums
    {
        private double cross;
        private double squares;

        internal double Slope => squares > 1e-9 ? cross / squares : 0;

        internal void Add((double LogOdds, double Risk)[] group)
        {
            if (group.Length == 0)
                return;
            var (odds, risk) = (group.Average(g => g.LogOdds), group.Average(g => g.Risk));
            cross += group.Sum(g => (g.LogOdds - odds) * (g.Risk - risk));
            squares += group.Sum(g => (g.LogOdds - odds) * (g.LogOdds - odds));
        }
    }
}
