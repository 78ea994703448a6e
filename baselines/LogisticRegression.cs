using CausalDebiasing.Baselines.Shared;
using CausalDebiasing.Catalogue;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Predictors;
using MathNet.Numerics;

namespace CausalDebiasing.Baselines;

/// <summary>L2-penalised logistic regression on standardised features with the mean in place of what is missing.</summary>
[Baseline(
    "logistic",
    Title = "Logistic regression, mean fill",
    Family = BaselineFamily.Classical,
    Headline = true,
    Version = 2
)]
[Hyperparameter("l2", 1, 0.01, 100, Logarithmic = true)]
public sealed class LogisticRegression(Hyperparameters hyperparameters)
    : FlatPredictor("logistic", hyperparameters)
{
    private Standardiser standardiser = new();

    /// <summary>One per feature, then the intercept.</summary>
    private double[] coefficients = [];

    /// <inheritdoc/>
    protected override void Prepare(Cohort train, FitContext context) =>
        standardiser = Standardiser.Fit(train, context.InputScale);

    /// <inheritdoc/>
    protected override float[][] Features(Cohort cohort) =>
        FlatFeatures.Rows(standardiser.Apply(cohort), absent: 0, withMask: false);

    /// <inheritdoc/>
    protected override void Learn(FlatRows rows, FitContext context)
    {
        coefficients = PenalisedLogistic.Fit(rows, Hyperparameters["l2"], context.Cancellation);
        context.Progress?.Invoke(new(1, 1, double.NaN, double.NaN));
    }

    /// <inheritdoc/>
    protected override float[] Probabilities(float[][] features) =>
        [.. features.Select(row => (float)SpecialFunctions.Logistic(Logit(row)))];

    /// <inheritdoc/>
    protected override void Write(BinaryWriter writer)
    {
        writer.WriteJson(standardiser);
        writer.WriteJson(coefficients);
    }

    /// <inheritdoc/>
    protected override void Read(BinaryReader reader)
    {
        standardiser = reader.ReadJson<Standardiser>();
        coefficients = reader.ReadJson<double[]>();
    }

    private double Logit(float[] row)
    {
        var logit = coefficients[^1];
        for (var i = 0; i < row.Length; i++)
            logit += coefficients[i] * row[i];
        return logit;
    }
}
