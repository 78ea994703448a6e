using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>Empirical risk minimisation with about as many parameters as <see cref="DualBranchHead"/>: does capacity alone explain a gain?</summary>
internal sealed class WideHead : Head
{
    private readonly Sequential layers;

    internal WideHead(HeadContext context)
        : base(nameof(WideHead))
    {
        layers = Layers.Perceptron(context.Random, context.Width, 8 * context.Width, 1);
        RegisterComponents();
    }

    public override Tensor Loss(Tensor features, Batch batch, double progress) =>
        WeightedMean(Losses.BinaryCrossEntropy(Logit(features), batch.Labels!), batch);

    public override Tensor Probability(Tensor features, Batch batch) => sigmoid(Logit(features));

    private Tensor Logit(Tensor features) => layers.forward(features).squeeze(-1);
}
