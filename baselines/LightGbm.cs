using CausalDebiasing.Baselines.Shared;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Predictors;
using Microsoft.ML;
using Microsoft.ML.Trainers.LightGbm;

namespace CausalDebiasing.Baselines;

/// <summary>
/// Gradient-boosted trees (LightGBM, Ke et al. 2017) on all features and the mask; missing entries stay missing,
/// which the trees handle themselves. The number of rounds is fixed: the trainer's early stopping ends after a few
/// rounds as soon as rows have weights.
/// </summary>
[Baseline(
    "lightgbm",
    Title = "LightGBM",
    Year = 2017,
    Paper = "NeurIPS 2017",
    Family = BaselineFamily.Classical,
    Headline = true
)]
[Hyperparameter("leaves", 15, 7, 63, Logarithmic = true, Step = 1)]
[Hyperparameter("lr", 0.05, 0.01, 0.3, Logarithmic = true)]
[Hyperparameter("rounds", 100, 50, 500, Step = 1)]
public sealed class LightGbm(Hyperparameters hyperparameters) : MachineLearningPredictor("lightgbm")
{
    /// <inheritdoc/>
    protected override void Prepare(Cohort train) => LoadOpenMp();

    /// <inheritdoc/>
    protected override float[][] Features(Cohort cohort) =>
        FlatFeatures.Rows(cohort, absent: float.NaN, withMask: true);

    /// <inheritdoc/>
    protected override ITransformer Train(MLContext context, IDataView rows, int seed) =>
        context
            .BinaryClassification.Trainers.LightGbm(
                new LightGbmBinaryTrainer.Options
                {
                    ExampleWeightColumnName = "Weight",
                    NumberOfLeaves = hyperparameters.Whole("leaves"),
                    LearningRate = hyperparameters["lr"],
                    NumberOfIterations = hyperparameters.Whole("rounds"),
                    MinimumExampleCountPerLeaf = 20,
                    HandleMissingValue = true,
                    Deterministic = true,
                    NumberOfThreads = 1,
                    Seed = seed,
                }
            )
            .Fit(rows);

    /// <inheritdoc/>
    protected override void LoadFeatures(BinaryReader reader) => LoadOpenMp();

    /// <summary>LightGBM needs an OpenMP runtime, which a bare system lacks; libtorch brings one with the same name.</summary>
    private static void LoadOpenMp() => TorchSharp.torch.get_num_threads();
}
