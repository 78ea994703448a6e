using CausalDebiasing.Catalogue;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Debiasing;
using CausalDebiasing.Predictors;
using CausalDebiasing.Training;

namespace CausalDebiasing.Baselines;

/// <summary>
/// ICYM2I-style weighting (arXiv 2505.16953; repository reAIM-Lab/ICYM2I): the zero-fill MLP with every row weighted
/// by w_i = P(r_i) / P(r_i | covariates), covariates being the always-observed modalities and the site.
/// </summary>
/// <remarks>
/// Deviations: published weights 1 / P(complete | covariates) use complete rows only, ours cover every pattern and
/// are stabilised; multinomial logistic propensities truncated at the 1st and 99th percentile instead of clipped to
/// [0.1, 0.9]; validation and test rows are not weighted, because all methods share one rule of selection and one
/// evaluation.
/// </remarks>
[Baseline(
    "icym2i",
    Title = "ICYM2I",
    Year = 2025,
    Paper = "arXiv:2505.16953",
    Family = BaselineFamily.Causal
)]
[Hyperparameter("width", 32, 16, 128, Logarithmic = true, Step = 8)]
[Hyperparameter("lr", 2e-3, 1e-4, 1e-2, Logarithmic = true)]
public sealed class Icym2i : NeuralComposite
{
    /// <summary>An unfitted predictor.</summary>
    public Icym2i(Hyperparameters hyperparameters)
        : this(
            new NeuralPredictor(
                "icym2i",
                context => new ZeroFillMlp(context),
                TrainingOptions.From(hyperparameters),
                hyperparameters
            )
        ) { }

    private Icym2i(NeuralPredictor network)
        : base(network) { }

    /// <inheritdoc/>
    public override NeuralComposite Around(NeuralPredictor other) => new Icym2i(other);

    /// <inheritdoc/>
    public override void Fit(Cohort train, Cohort validation, FitContext context)
    {
        FitChecks.Require(train, validation, context);
        var weights = PatternPropensity.Weights(train);
        if (context.SampleWeights is { } given)
            weights = [.. weights.Zip(given, (own, other) => own * other)];
        base.Fit(train, validation, context with { SampleWeights = weights });
    }
}
