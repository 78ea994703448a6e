using CausalDebiasing.Baselines.Shared;
using CausalDebiasing.Catalogue;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Predictors;

namespace CausalDebiasing.Baselines;

/// <summary>
/// Gradient-boosted trees (LightGBM, Ke et al. 2017) on all features and the mask; missing entries stay missing,
/// which the trees handle themselves. The number of rounds is fixed; offsets of the logit are LightGBM's initial score.
/// </summary>
[Baseline(
    "lightgbm",
    Title = "LightGBM",
    Year = 2017,
    Paper = "NeurIPS 2017",
    Family = BaselineFamily.Classical,
    Headline = true,
    Version = 2
)]
[Hyperparameter("leaves", 15, 7, 63, Logarithmic = true, Step = 1)]
[Hyperparameter("lr", 0.05, 0.01, 0.3, Logarithmic = true)]
[Hyperparameter("rounds", 100, 50, 500, Step = 1)]
public sealed class LightGbm(Hyperparameters hyperparameters) : FlatPredictor("lightgbm", hyperparameters)
{
    /// <summary>One order of summation on one thread, for equal bits everywhere.</summary>
    private const string Deterministic = "deterministic=true force_col_wise=true num_threads=1 verbosity=-1";

    /// <summary>The penalties are Microsoft.ML's defaults (0.01 and 0.1 on half the logit) on the scale of the logit.</summary>
    private const string Regularisation = "min_data_in_leaf=20 lambda_l2=0.04 min_sum_hessian_in_leaf=0.4";

    /// <inheritdoc/>
    public override bool ReadsPattern => true;

    /// <inheritdoc/>
    protected override IFlatModel Learn(Cohort train, FitContext context)
    {
        var seed = context.Seed.Derive("lightgbm").ToInt32();
        var shape = FormattableString.Invariant(
            $"num_leaves={Hyperparameters.Whole("leaves")} learning_rate={Hyperparameters["lr"]} seed={seed}"
        );
        return new Model(
            BoostedTrees.Fit(
                Rows(Features(train), train, context),
                Hyperparameters.Whole("rounds"),
                $"objective=binary {shape} {Regularisation} {Deterministic}",
                context
            )
        );
    }

    /// <inheritdoc/>
    protected override IFlatModel Read(BinaryReader reader) => new Model(BoostedTrees.Read(reader));

    private static float[][] Features(Cohort cohort) =>
        FlatFeatures.Rows(cohort, absent: float.NaN, withMask: true);

    private sealed class Model(BoostedTrees trees) : IFlatModel
    {
        public float[] Probabilities(Cohort cohort) => trees.Probabilities(Features(cohort));

        public void Write(BinaryWriter writer) => trees.Write(writer);

        public void Dispose() => trees.Dispose();
    }
}
