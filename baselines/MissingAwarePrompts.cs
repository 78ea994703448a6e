using CausalDebiasing.Baselines.Shared;
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
/// Missing-aware prompts (Lee et al., CVPR 2023; repository YiLunLee/missing_aware_prompts) on the multimodal
/// Transformer: in front of every layer the learned tokens of the row's missingness pattern join the sequence
/// (input-level prompts, of which the sequence keeps growing), tell the layers what is missing, and are left out of
/// the final mean over the tokens of observed modalities.
/// </summary>
/// <remarks>
/// Differs from the paper in: the Transformer is trained with its prompts, since no pre-trained one exists for such
/// modalities (there it is frozen); 4 prompts in each of 2 layers (16 in each of 6); absent modalities are masked
/// (there replaced by empty text or a blank image); prompts start at N(0, 0.1); patterns beyond the 16 kept ones use
/// the nearest one's prompts.
/// </remarks>
[Baseline(
    "mt-prompt",
    Title = "Multimodal Transformer, missing-aware prompts",
    Year = 2023,
    Paper = "arXiv:2303.03369"
)]
[Hyperparameter("width", 32, 16, 128, Logarithmic = true, Step = 8)]
[Hyperparameter("lr", 2e-3, 1e-4, 1e-2, Logarithmic = true)]
[Hyperparameter("layers", 2, 1, 3, Step = 1)]
[Hyperparameter("prompts", 4, 1, 16, Logarithmic = true, Step = 1)]
public sealed class MissingAwarePrompts : Backbone
{
    private const int Heads = 2;

    private readonly EncoderBank encoders;
    private readonly Parameter types;
    private readonly PatternSlots slots;
    private readonly Parameter prompts;
    private readonly ModuleList<AttentionLayer> layers;

    /// <summary>Builds the untrained network.</summary>
    public MissingAwarePrompts(BackboneContext context)
        : base(nameof(MissingAwarePrompts))
    {
        var (values, random) = (context.Hyperparameters, context.Random);
        Width = values.Whole("width");
        encoders = new(context.Modalities, Width, random);
        types = Layers.Parameter(random, 0.1, encoders.Count, Width);
        slots = new(encoders.Count);
        var depth = values.Whole("layers");
        prompts = Layers.Parameter(random, 0.1, slots.Count, depth, values.Whole("prompts"), Width);
        layers = AttentionLayer.Stack(depth, Width, Heads, random);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <inheritdoc/>
    public override void Pretrain(TrainingRows rows) => slots.Fit(rows);

    /// <inheritdoc/>
    public override Representation Represent(Batch batch)
    {
        var present = batch.Mask.unsqueeze(-1);
        var own = prompts.index_select(0, slots.IndexOf(batch.Patterns));
        var (tokens, mask) = ((encoders.Encode(batch) + types) * present, batch.Mask);
        for (var layer = 0; layer < layers.Count; layer++)
        {
            (tokens, mask) = Prepend(own.select(1, layer), tokens, mask);
            tokens = layers[layer].forward(tokens, mask);
        }
        var last = tokens.narrow(1, tokens.size(1) - encoders.Count, encoders.Count);
        return new((last * present).sum(1) / present.sum(1));
    }

    /// <summary>The sequence with prompts [N, L, d] in front of tokens [N, T, d], and its mask [N, L + T].</summary>
    internal static (Tensor Tokens, Tensor Mask) Prepend(Tensor prompts, Tensor tokens, Tensor mask) =>
        (cat([prompts, tokens], 1), cat([ones(prompts.size(0), prompts.size(1)), mask], 1));
}
