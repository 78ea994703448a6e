using CausalDebiasing.Runtime;

namespace CausalDebiasing.Cohorts;

/// <summary>Training, validation and test rows such that all rows of a patient are on one side.</summary>
/// <param name="Train">What a predictor learns from.</param>
/// <param name="Validation">What an epoch is chosen and predictions are recalibrated on; may be empty.</param>
/// <param name="Test">What a predictor is judged on; may be empty.</param>
public sealed record PatientSplit(Cohort Train, Cohort Validation, Cohort Test)
{
    /// <summary>
    /// Splits by patient: patients with and without an event are shuffled apart from each other and dealt out
    /// by share, so that the prevalence of the parts agrees.
    /// </summary>
    /// <param name="cohort">What to split.</param>
    /// <param name="validationShare">Share of patients for validation, in [0, 1), rounded to whole patients.</param>
    /// <param name="testShare">Share of patients for testing, in [0, 1), rounded to whole patients.</param>
    /// <param name="seed">Decides the shuffle.</param>
    /// <exception cref="InputException">The shares leave no patients for training.</exception>
    public static PatientSplit Random(Cohort cohort, double validationShare, double testShare, Seed seed)
    {
        if (validationShare < 0 || testShare < 0 || validationShare + testShare >= 1)
            throw new InputException(
                $"Split shares {validationShare} and {testShare} leave nothing to train on; their sum must be below 1."
            );
        var side = new Dictionary<long, int>();
        foreach (var patients in PatientStrata.Shuffled(cohort, seed))
        {
            var test = (int)Math.Round(patients.Length * testShare);
            var validation = (int)Math.Round(patients.Length * validationShare);
            for (var i = 0; i < patients.Length; i++)
                side[patients[i]] =
                    i < test ? 2
                    : i < test + validation ? 1
                    : 0;
        }
        var rows = Enumerable.Range(0, cohort.Count).ToLookup(row => side[cohort.Patients[row]]);
        return new(cohort.Select([.. rows[0]]), cohort.Select([.. rows[1]]), cohort.Select([.. rows[2]]));
    }
}
