using CausalDebiasing.Catalogue;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using CausalDebiasing.Networks.Encoders;
using CausalDebiasing.Predictors;
using TorchSharp;

namespace CausalDebiasing.Baselines;

/// <summary>
/// The zero-fill MLP with the mask o as further inputs of the fusion: the network knows what is missing and can
/// use it, for better (informative missingness) or worse (missingness bias).
/// </summary>
[Baseline("mask-concat-mlp", Title = "Mask-concatenated MLP", Headline = true)]
[Hyperparameter("width", 32, 16, 128, Logarithmic = true, Step = 8)]
[Hyperparameter("lr", 2e-3, 1e-4, 1e-2, Logarithmic = true)]
public sealed class MaskConcatMlp : Backbone
{
    private readonly EncoderBank encoders;
    private readonly ConcatenationFusion fusion;

    /// <summary>Builds the untrained network.</summary>
    public MaskConcatMlp(BackboneContext context)
        : base(nameof(MaskConcatMlp))
    {
        Width = context.Hyperparameters.Whole("width");
        encoders = new(context.Modalities, Width, context.Random);
        fusion = new(encoders.Count * (Width + 1), Width, context.Random);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <inheritdoc/>
    public override Representation Represent(Batch batch) =>
        new(fusion.call(torch.cat([encoders.Encode(batch).flatten(1), batch.Mask], 1)));
}
