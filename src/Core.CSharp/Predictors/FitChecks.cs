using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Predictors;

/// <summary>What every predictor needs of its inputs.</summary>
public static class FitChecks
{
    /// <summary>Checks a training and a validation cohort before a fit.</summary>
    /// <param name="train">The training rows.</param>
    /// <param name="validation">The validation rows.</param>
    /// <param name="context">What else the fit is given.</param>
    /// <param name="honoursOffsets">The predictor's <see cref="IPredictor.HonoursOffsets"/>.</param>
    /// <exception cref="ArgumentNullException">A cohort or the context is null.</exception>
    /// <exception cref="InputException">
    /// A cohort is empty or without outcomes, the training outcomes are all equal, a modality is never observed in training, the
    /// schemas differ, the number of weights or offsets is wrong, a weight is negative or all are 0, one of both is not finite,
    /// there are offsets that the predictor does not honour, or no epoch is allowed.
    /// </exception>
    public static void Require(
        Cohort train,
        Cohort validation,
        FitContext context,
        bool honoursOffsets = false
    )
    {
        ArgumentNullException.ThrowIfNull(train);
        if (validation is null)
            throw new ArgumentNullException(
                nameof(validation),
                $"Validation rows choose the epoch and calibrate; set some apart with {nameof(PatientSplit)}."
            );
        ArgumentNullException.ThrowIfNull(context);
        if (train.Count == 0 || validation.Count == 0)
            throw new InputException(
                $"There are {train.Count} training and {validation.Count} validation rows; both must have some."
            );
        if (!train.HasOutcomes || !validation.HasOutcomes)
            throw new InputException(
                $"The outcomes of the {(train.HasOutcomes ? "validation" : "training")} rows are not known; a fit needs them."
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
        RequireOnePerRow(context.SampleWeights, "sample weights", train.Count, "training");
        RequireOnePerRow(context.ValidationWeights, "validation weights", validation.Count, "validation");
        RequireWeights(context.SampleWeights, "sample");
        RequireWeights(context.ValidationWeights, "validation");
        if (context.MostEpochs < 1)
            throw new InputException(
                $"{nameof(FitContext.MostEpochs)} {context.MostEpochs} leaves nothing to train; give 1 or more, or null."
            );
        RequireOnePerRow(context.Offsets, "offsets", train.Count, "training");
        RequireOnePerRow(context.ValidationOffsets, "validation offsets", validation.Count, "validation");
        RequireOffsets(context, honoursOffsets);
    }

    private static void RequireOnePerRow(IReadOnlyList<float>? numbers, string what, int rows, string which)
    {
        if (numbers is not null && numbers.Count != rows)
            throw new InputException($"{numbers.Count} {what} for {rows} {which} rows; give one per row.");
    }

    private static void RequireWeights(IReadOnlyList<float>? weights, string what)
    {
        if (weights is null)
            return;
        if (!weights.All(weight => weight >= 0 && float.IsFinite(weight)))
            throw new InputException(
                $"A {what} weight is negative or not a finite number; give 0 to leave a row out."
            );
        if (!weights.Any(weight => weight > 0))
            throw new InputException(
                $"All {what} weights are 0, so that no row counts; give null for equal weights."
            );
    }

    private static void RequireOffsets(FitContext context, bool honoursOffsets)
    {
        float[] offsets = [.. context.Offsets ?? [], .. context.ValidationOffsets ?? []];
        if (offsets.Length > 0 && !honoursOffsets)
            throw new InputException(
                "This predictor does not take offsets of the logit; give row weights, or a predictor that honours offsets."
            );
        if (!offsets.All(float.IsFinite))
            throw new InputException("An offset of the logit is not a finite number; leave such rows out.");
    }

    /// <summary>What a fit or load left behind, which predicting and saving need.</summary>
    /// <param name="fitted">Null before either.</param>
    /// <param name="name">The predictor's <see cref="IPredictor.Name"/>.</param>
    /// <exception cref="InvalidOperationException">It is null.</exception>
    public static T RequireFitted<T>(T? fitted, string name)
        where T : class =>
        fitted
        ?? throw new InvalidOperationException($"'{name}' has not been fitted; call Fit or Load first.");

    /// <summary>What a predictor gives for a cohort, checked: a wrong probability must not be believed.</summary>
    /// <exception cref="InputException">It is not one number in [0, 1] for each row.</exception>
    internal static float[] PredictChecked(this IPredictor predictor, Cohort cohort)
    {
        var given = predictor.PredictProbability(cohort);
        if (given.Length != cohort.Count)
            throw new InputException(
                $"'{predictor.Name}' gave {given.Length} probabilities for {cohort.Count} rows; its PredictProbability must give one for each."
            );
        if (Array.FindIndex(given, p => !(p >= 0 && p <= 1)) is var wrong and >= 0)
            throw new InputException(
                $"'{predictor.Name}' gave {(float.IsNaN(given[wrong]) ? "NaN" : "a number outside [0, 1]")} for row {wrong}; its PredictProbability must give probabilities."
            );
        return given;
    }

    /// <summary>Checks that a cohort has the modalities that a predictor was fitted on.</summary>
    /// <param name="expected">Those of the training rows.</param>
    /// <param name="cohort">What is predicted for; the modalities must be the same in the same order.</param>
    /// <exception cref="ArgumentNullException">The cohort is null.</exception>
    /// <exception cref="InputException">It has not.</exception>
    public static void RequireSchema(IReadOnlyList<Modality> expected, Cohort cohort)
    {
        ArgumentNullException.ThrowIfNull(cohort);
        if (expected.SequenceEqual(cohort.Modalities))
            return;
        var given = cohort.Modalities;
        var absent = expected.ExceptBy(given.Select(modality => modality.Name), modality => modality.Name);
        var unknown = given.ExceptBy(expected.Select(modality => modality.Name), modality => modality.Name);
        var others = expected.Zip(given).Where(pair => pair.First != pair.Second).Select(pair => pair.First);
        var wrong = absent.Concat(unknown).Concat(others).First();
        throw new InputException(
            $"Modality '{wrong.Name}' differs between the cohort fitted on and this one; give the same modalities in the same order."
        );
    }
}
