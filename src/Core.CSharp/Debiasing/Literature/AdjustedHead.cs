using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>The missingness deconfounder alone: backdoor adjustment over patterns on the backbone's features.</summary>
internal sealed class AdjustedHead : Head
{
    private readonly PatternClassifier classifier;

    internal AdjustedHead(HeadContext context)
        : base(nameof(AdjustedHead))
    {
        classifier = new(context, context.Width, context.Width);
        RegisterComponents();
    }

    public override Tensor Loss(Tensor features, Batch batch, double progress)
    {
        classifier.Learn(features, batch);
        var (factual, marginal) = classifier.Classify(features, batch);
        return WeightedMean(PatternClassifier.Loss(factual, marginal, batch.Labels!), batch);
    }

    public override Tensor Probability(Tensor features, Batch batch) =>
        classifier.Classify(features, batch).Marginal;
}
