using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Debiasing;

/// <summary>What a fit of the add-on leaves besides the predictor inside; all of it is stored with the model.</summary>
/// <param name="Modalities">Those of the training rows.</param>
/// <param name="Patterns">Those that are told apart.</param>
/// <param name="Deployment">From what the predictor inside gives to predictions.</param>
/// <param name="Found">What the fit found.</param>
internal sealed record FittedDebiasing(
    Modality[] Modalities,
    PatternTable Patterns,
    PatternDeployment Deployment,
    StoredReport Found
)
{
    /// <summary>What was decided for a deployment; null where nothing was.</summary>
    public DeploymentDecision? Decision { get; init; }

    /// <summary>How rows look as a deployment.</summary>
    /// <param name="cohort">n rows.</param>
    /// <param name="own">What the predictor inside gives, [n] for n rows.</param>
    internal JudgedRows Judge(Cohort cohort, Func<Cohort, float[]> own)
    {
        var risk = Deployment.Risk(own(cohort));
        return new(risk, Deployment.Compare(cohort, risk, own));
    }

    /// <summary>Predictions as was decided, or as these rows decide where nothing was.</summary>
    /// <param name="cohort">n rows.</param>
    /// <param name="own">What the predictor inside gives, [n] for n rows.</param>
    /// <param name="choice">By which the pattern is kept or left out.</param>
    internal DebiasedPrediction Predict(Cohort cohort, Func<Cohort, float[]> own, PatternChoice choice)
    {
        var given = own(cohort);
        var risk = Deployment.Risk(given);
        if (Decision is { } decision)
            return Prediction(decision.Pattern, decision.Reason);
        var shift = Deployment.Compare(cohort, risk, own);
        return Prediction(choice.Part(shift, cohort.Count), choice.Undecided(shift, cohort.Count));
        DebiasedPrediction Prediction(PatternPart part, string reason) =>
            new(part == PatternPart.Kept ? Deployment.Kept(cohort, given) : risk, part, reason)
            {
                BeforeRecalibration = Deployment.BeforeRecalibration(cohort, given, part),
            };
    }
}

/// <summary>Rows of a deployment, taken together.</summary>
/// <param name="Risk">Their interventional predictions, [n].</param>
/// <param name="Shift">How they relate risk and pattern; null where patterns are not adjusted for.</param>
internal readonly record struct JudgedRows(float[] Risk, PatternShift? Shift);
