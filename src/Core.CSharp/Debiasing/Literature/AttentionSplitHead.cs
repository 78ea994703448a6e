using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// CAL (Sui et al. 2022, arXiv 2112.15089), on features instead of graph nodes: a soft mask splits the features
/// into a causal and a trivial part. Loss = 0.5 KL(uniform, p_trivial) + BCE(p_causal) + 0.5 BCE of the causal part
/// with another row's trivial part added, an in-batch average over the trivial part.
/// </summary>
internal sealed class AttentionSplitHead : Head
{
    private readonly Linear attention;
    private readonly Sequential trivialClassifier;
    private readonly Sequential causalClassifier;
    private readonly Sequential mixedClassifier;

    internal AttentionSplitHead(HeadContext context)
        : base(nameof(AttentionSplitHead))
    {
        var width = context.Width;
        attention = Layers.Linear(context.Random, width, width);
        trivialClassifier = Layers.Perceptron(context.Random, width, width, 1);
        causalClassifier = Layers.Perceptron(context.Random, width, width, 1);
        mixedClassifier = Layers.Perceptron(context.Random, width, width, 1);
        RegisterComponents();
    }

    public override Tensor Loss(Tensor features, Batch batch, double progress)
    {
        var labels = batch.Labels!;
        var causal = features * Mask(features);
        var trivial = features - causal;
        var other = trivial.index_select(0, randperm(batch.Count, generator: batch.Random!));
        var losses =
            0.5 * Losses.UniformKl(trivialClassifier.forward(trivial).squeeze(-1))
            + Losses.BinaryCrossEntropy(causalClassifier.forward(causal).squeeze(-1), labels)
            + 0.5 * Losses.BinaryCrossEntropy(mixedClassifier.forward(causal + other).squeeze(-1), labels);
        return WeightedMean(losses, batch);
    }

    public override Tensor Probability(Tensor features, Batch batch) =>
        sigmoid(causalClassifier.forward(features * Mask(features)).squeeze(-1));

    private Tensor Mask(Tensor features) => sigmoid(attention.forward(features));
}
