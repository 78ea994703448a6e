using CausalDebiasing.Catalogue;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using CausalDebiasing.Networks.Encoders;
using CausalDebiasing.Predictors;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines;

/// <summary>
/// MT, late fusion by attention: one token per modality (its vector plus a type embedding), pre-norm Transformer
/// layers in which absent tokens are masked, and the mean over the tokens that are present.
/// </summary>
[Baseline("mt", Title = "Multimodal Transformer", Year = 2022, Paper = "arXiv:2204.05454", Headline = true)]
[Hyperparameter("width", 32, 16, 128, Logarithmic = true, Step = 8)]
[Hyperparameter("lr", 2e-3, 1e-4, 1e-2, Logarithmic = true)]
[Hyperparameter("layers", 2, 1, 3, Step = 1)]
public sealed class MultimodalTransformer : Backbone
{
    private const int Heads = 2;

    private readonly EncoderBank encoders;
    private readonly Parameter types;
    private readonly ModuleList<AttentionLayer> layers;

    /// <summary>Builds the untrained network.</summary>
    public MultimodalTransformer(BackboneContext context)
        : base(nameof(MultimodalTransformer))
    {
        Width = context.Hyperparameters.Whole("width");
        encoders = new(context.Modalities, Width, context.Random);
        types = Layers.Parameter(context.Random, 0.1, encoders.Count, Width);
        layers = AttentionLayer.Stack(context.Hyperparameters.Whole("layers"), Width, Heads, context.Random);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <inheritdoc/>
    public override Representation Represent(Batch batch)
    {
        var present = batch.Mask.unsqueeze(-1);
        var tokens = (encoders.Encode(batch) + types) * present;
        foreach (var layer in layers)
            tokens = layer.forward(tokens, batch.Mask);
        return new((tokens * present).sum(1) / present.sum(1));
    }
}
