using CausalDebiasing.Cohorts;
using CausalDebiasing.Numerics;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Debiasing;

/// <summary>Slopes (see <see cref="PatternSlopes"/>) that a deployment is compared with. Neither needs outcomes.</summary>
/// <param name="Training">Among validation patients, whose patterns came about as those of training.</param>
/// <param name="Randomised">
/// Under random patterns: what the risk itself owes to the pattern, since a network keeps some of it.
/// </param>
/// <param name="StandardError">Of the slope in training beside severity.</param>
internal readonly record struct PatternReference(
    PatternSlopes Training,
    PatternSlopes Randomised,
    double StandardError
)
{
    private const int Patterns = 4;

    /// <summary>What training has beyond random patterns.</summary>
    internal PatternSlopes Relation => Training - Randomised;

    /// <summary>Whether the relation is there by two standard errors, so that a deployment can be compared with it.</summary>
    internal bool IsPlain => Relation.Beside > 2 * StandardError;

    /// <summary>Both slopes.</summary>
    /// <param name="validation">The patients.</param>
    /// <param name="recorded">Their interventional predictions, [n].</param>
    /// <param name="risk">Those of the same patients with fewer modalities, [n].</param>
    /// <param name="offset">Of the training rows.</param>
    /// <param name="seed">Of the random patterns.</param>
    internal static PatternReference Of(
        Cohort validation,
        float[] recorded,
        Func<Cohort, float[]> risk,
        PatternOffset offset,
        Seed seed
    )
    {
        var random = new Random(seed.Derive("patterns").ToInt32());
        var samePatient = new (int Pattern, float Risk)[validation.Count][];
        for (var row = 0; row < samePatient.Length; row++)
            samePatient[row] = new (int, float)[Patterns];
        for (var i = 0; i < Patterns; i++)
        {
            var thinned = ThinnedByOthers(validation, random);
            var risks = risk(thinned);
            for (var row = 0; row < risks.Length; row++)
                samePatient[row][i] = (thinned.Pattern(row), risks[row]);
        }
        var randomised = new PatternSlopeSums(offset);
        foreach (var patient in samePatient)
            randomised.Add(patient);
        return new(
            PatternSlopeSums.SlopesOf(offset, validation, recorded),
            randomised.Slopes,
            Jackknife.StandardError(
                validation.Count,
                rows => PatternSlopeSums.SlopesOf(offset, validation, recorded, rows).Beside
            )
        );
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
            MissingnessPattern.Write(pattern, mask.AsSpan(row * modalities, modalities));
        }
        return cohort.WithMask(mask);
    }
}
