using CausalDebiasing.Catalogue;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using CausalDebiasing.Networks.Encoders;
using CausalDebiasing.Predictors;

namespace CausalDebiasing.Baselines;

/// <summary>
/// The simplest direct prediction: one encoder per modality, zeros where a modality is missing, concatenation and
/// a multi-layer perceptron. The network is not told what is missing.
/// </summary>
[Baseline("zero-fill-mlp", Title = "Zero-fill MLP", Headline = true)]
[Hyperparameter("width", 32, 16, 128, Logarithmic = true, Step = 8)]
[Hyperparameter("lr", 2e-3, 1e-4, 1e-2, Logarithmic = true)]
public sealed class ZeroFillMlp : Backbone
{
    private readonly EncoderBank encoders;
    private readonly ConcatenationFusion fusion;

    /// <summary>Builds the untrained network.</summary>
    public ZeroFillMlp(BackboneContext context)
        : base(nameof(ZeroFillMlp))
    {
        Width = context.Hyperparameters.Whole("width");
        encoders = new(context.Modalities, Width, context.Random);
        fusion = new(encoders.Count * Width, Width, context.Random);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <inheritdoc/>
    public override Representation Represent(Batch batch) =>
        new(fusion.call(encoders.Encode(batch).flatten(1)));
}
