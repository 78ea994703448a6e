using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Predictors;

/// <summary>What every predictor needs of its inputs.</summary>
public static class FitChecks
{
    /// <summary>Checks a training and a validation cohort before a fit.</summary>
    /// <exception cref="InputException">
    /// A cohort is empty, the training outcomes are all equal, a modality is never observed in training, the
    /// schemas differ, or the number of sample or validation weights is wrong.
    /// </exception>
    public static void Require(Cohort train, Cohort validation, FitContext context)
    {
        if (train.Count == 0 || validation.Count == 0)
            throw new InputException(
                $"There are {train.Count} training and {validation.Count} validation rows; both must have some."
            );
        if (train.Prevalence is 0 or 1)
            throw new InputException(
                $"All {train.Count} training outcomes are {(int)train.Prevalence}; a predictor needs both classes, so check the outcome column or the split."
            );
        for (var m = 0; m < train.Modalities.Count; m++)
        {
            var observed = false;
            for (var row = 0; row < train.Count && !observed; row++)
                observed = train.IsObserved(row, m);
            if (!observed)
                throw new InputException(
                    $"Modality '{train.Modalities[m].Name}' is never observed in the {train.Count} training rows; drop it or check its columns."
                );
        }
        RequireSchema(train.Modalities, validation);
        if (context.SampleWeights is { } weights && weights.Length != train.Count)
            throw new InputException(
                $"{weights.Length} sample weights for {train.Count} training rows; give one per row."
            );
        if (context.ValidationWeights is { } held && held.Length != validation.Count)
            throw new InputException(
                $"{held.Length} validation weights for {validation.Count} validation rows; give one per row."
            );
    }

    /// <summary>Checks that a cohort has the modalities that a predictor was fitted on.</summary>
    /// <exception cref="InputException">It has not.</exception>
    public static void RequireSchema(IReadOnlyList<Modality> expected, Cohort cohort)
    {
        if (expected.SequenceEqual(cohort.Modalities))
            return;
        var wrong = expected.Except(cohort.Modalities).Concat(cohort.Modalities.Except(expected)).First();
        throw new InputException(
            $"Modality '{wrong.Name}' differs between the cohort fitted on and this one; give the same modalities in the same order."
        );
    }
}
