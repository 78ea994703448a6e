using CausalDebiasing.Runtime;

namespace CausalDebiasing.Cohorts;

/// <summary>Folds of a cross-validation, grouped by patient and stratified by outcome.</summary>
public static class PatientFolds
{
    /// <summary>
    /// The fold of every row, from 0. Patients with and without an event are shuffled apart from each other and dealt out
    /// in turn, so that folds differ by at most one patient in either group and in all; all rows of a patient are in one
    /// fold.
    /// </summary>
    /// <param name="cohort">What to divide.</param>
    /// <param name="folds">Number of folds, at least 2.</param>
    /// <param name="seed">Decides the shuffle.</param>
    /// <exception cref="InputException">There are fewer patients with or without the event than folds.</exception>
    public static int[] Assign(Cohort cohort, int folds, Seed seed)
    {
        var strata = PatientStrata.Shuffled(cohort, seed);
        if (strata.Any(patients => patients.Length < folds))
            throw new InputException(
                $"{folds} folds need as many patients with and without the event; choose fewer folds."
            );
        var fold = new Dictionary<long, int>();
        foreach (var patient in strata.SelectMany(patients => patients))
            fold[patient] = fold.Count % folds;
        return [.. cohort.Patients.ToArray().Select(patient => fold[patient])];
    }
}
