using System.Diagnostics;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Predictors;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// The steps of a fit: what is known of the logit, how rows are weighted, the predictor inside, and how predictions are made
/// of what that gives.
/// </summary>
internal static class WrappedFit
{
    /// <param name="inner">Fitted by this.</param>
    /// <param name="options">What it is wrapped with.</param>
    /// <param name="train">The training rows.</param>
    /// <param name="validation">The validation rows.</param>
    /// <param name="context">Of the whole fit.</param>
    internal static FittedDebiasing Run(
        InnerPredictor inner,
        DebiasOptions options,
        Cohort train,
        Cohort validation,
        FitContext context
    )
    {
        var patterns = PatternTable.Fit(train);
        var clock = Stopwatch.StartNew();
        using var known = KnownParts.Find(train, validation, options, context);
        var (thinned, recorded) = (known.Thinned, known.Recorded);
        var weights = FitWeights.Of(inner, train, validation, options, context);
        var found = new FitReport
        {
            Patterns = patterns.Count,
            PatternCost = recorded is null ? null : PatternCost.Of(train, validation, recorded),
            Practice = PracticeReport.Of(known.Practice),
            FirstErrors = weights.FirstErrors,
            EffectiveShare = weights.EffectiveShare(train, known.Logit, inner.OffsetParts),
        };
        inner.Fit(
            train,
            validation,
            known.Logit,
            context with
            {
                SampleWeights = weights.Values,
                ValidationWeights = recorded is null
                    ? context.ValidationWeights
                    : FitWeights.Product(recorded.Weights(validation), context.ValidationWeights),
                TimeBudget = context.TimeBudget is { } budget ? Rest(budget - clock.Elapsed) : null,
            }
        );
        var deployment =
            thinned is null || recorded is null
                ? new()
                : PatternDeployment.Fit(
                    validation,
                    cohort => inner.Predict(cohort, patterns),
                    thinned,
                    recorded,
                    known.Practice is { Count: > 0 } practice ? practice.OfValidation() : null,
                    options.Deployment
                );
        found = found with
        {
            Recalibrations = options.Recalibrate ? (deployment.Interventional, deployment.Factual) : null,
            Warnings = [.. AssumptionChecks.Of(train, options, inner.IsNetwork, found)],
        };
        return new([.. train.Modalities], patterns, deployment, StoredReport.Of(found));
    }

    private static TimeSpan Rest(TimeSpan left) => left > TimeSpan.Zero ? left : TimeSpan.Zero;
}
