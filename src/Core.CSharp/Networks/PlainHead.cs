using CausalDebiasing.Cohorts;
using CausalDebiasing.Debiasing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Networks;

/// <summary>One linear layer and binary cross-entropy: empirical risk minimisation.</summary>
internal sealed class PlainHead : Head
{
    private readonly Linear output;

    /// <summary>A linear head on the backbone's features.</summary>
    public PlainHead(HeadContext context)
        : base(nameof(PlainHead))
    {
        output = Layers.Logit(context.Random, context.Width, context.Prevalence);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor Loss(Tensor features, Batch batch, double progress) =>
        nn.functional.binary_cross_entropy_with_logits(
            batch.Offsets is { } known ? Logit(features) + known : Logit(features),
            batch.Labels!,
            batch.Weights
        );

    /// <inheritdoc/>
    public override Tensor Probability(Tensor features, Batch batch) => sigmoid(Logit(features));

    private Tensor Logit(Tensor features) => output.forward(features).squeeze(-1);
}
