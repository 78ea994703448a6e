using System.Text.Json;
using CausalDebiasing.Baselines.Shared;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Predictors;
using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace CausalDebiasing.Baselines;

/// <summary>L2-penalised logistic regression on standardised features with the mean in place of what is missing, fitted by L-BFGS.</summary>
[Baseline(
    "logistic",
    Title = "Logistic regression, mean fill",
    Family = BaselineFamily.Classical,
    Headline = true
)]
[Hyperparameter("l2", 1, 0.01, 100, Logarithmic = true)]
public sealed class LogisticRegression(Hyperparameters hyperparameters) : MachineLearningPredictor("logistic")
{
    private Standardiser standardiser = new();

    /// <inheritdoc/>
    protected override void Prepare(Cohort train) => standardiser = Standardiser.Fit(train);

    /// <inheritdoc/>
    protected override float[][] Features(Cohort cohort) =>
        FlatFeatures.Rows(standardiser.Apply(cohort), absent: 0, withMask: false);

    /// <inheritdoc/>
    protected override ITransformer Train(MLContext context, IDataView rows, int seed) =>
        context
            .BinaryClassification.Trainers.LbfgsLogisticRegression(
                new LbfgsLogisticRegressionBinaryTrainer.Options
                {
                    ExampleWeightColumnName = "Weight",
                    L1Regularization = 0,
                    L2Regularization = (float)hyperparameters["l2"],
                    NumberOfThreads = 1,
                }
            )
            .Fit(rows);

    /// <inheritdoc/>
    protected override void SaveFeatures(BinaryWriter writer) =>
        writer.Write(JsonSerializer.Serialize(standardiser));

    /// <inheritdoc/>
    protected override void LoadFeatures(BinaryReader reader) =>
        standardiser = JsonSerializer.Deserialize<Standardiser>(reader.ReadString())!;
}
