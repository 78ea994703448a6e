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
    /// <inheritdoc/>
    protected override IFlatModel Learn(Cohort train, FitContext context)
    {
        var standardiser = Standardiser.Fit(train, context.InputScale);
        var rows = Rows(Model.Features(standardiser, train), train, context);
        var coefficients = PenalisedLogistic.Fit(rows, Hyperparameters["l2"], context.Cancellation);
        context.Progress?.Invoke(new(1, 1, double.NaN, double.NaN));
        return new Model(standardiser, coefficients);
    }

    /// <inheritdoc/>
    protected override IFlatModel Read(BinaryReader reader) =>
        new Model(reader.ReadJson<Standardiser>(), reader.ReadJson<double[]>());

    /// <param name="standardiser">Of the training rows.</param>
    /// <param name="coefficients">One per feature, then the intercept.</param>
    private sealed class Model(Standardiser standardiser, double[] coefficients) : IFlatModel
    {
        public static float[][] Features(Standardiser standardiser, Cohort cohort) =>
            FlatFeatures.Rows(standardiser.Apply(cohort), absent: 0, withMask: false);

        public float[] Probabilities(Cohort cohort) =>
            [.. Features(standardiser, cohort).Select(row => (float)SpecialFunctions.Logistic(Logit(row)))];

        public void Write(BinaryWriter writer)
        {
            writer.WriteJson(standardiser);
            writer.WriteJson(coefficients);
        }

        public void Dispose() { }

        private double Logit(float[] row)
        {
            var logit = coefficients[^1];
            for (var i = 0; i < row.Length; i++)
                logit += coefficients[i] * row[i];
            return logit;
        }
    }
}
