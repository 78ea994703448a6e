using CausalDebiasing.Baselines.Shared;
using CausalDebiasing.Catalogue;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Debiasing;
using CausalDebiasing.Networks;
using CausalDebiasing.Networks.Encoders;
using CausalDebiasing.Predictors;

namespace CausalDebiasing.Baselines;

/// <summary>
/// The zero-fill MLP trained with modality dropout (ModDrop, Neverova et al. 2015): each observed modality is
/// hidden with a fixed probability in every step; a row that would lose all keeps what it had.
/// </summary>
[Baseline(
    "modality-dropout-mlp",
    Title = "Modality-dropout MLP",
    Year = 2015,
    Paper = "arXiv:1501.00102",
    Headline = true
)]
[Hyperparameter("width", 32, 16, 128, Logarithmic = true, Step = 8)]
[Hyperparameter("lr", 2e-3, 1e-4, 1e-2, Logarithmic = true)]
[Hyperparameter("drop", 0.3, 0.1, 0.6)]
public sealed class ModalityDropoutMlp : Backbone
{
    private readonly EncoderBank encoders;
    private readonly ConcatenationFusion fusion;
    private readonly double drop;

    /// <summary>Builds the untrained network.</summary>
    public ModalityDropoutMlp(BackboneContext context)
        : base(nameof(ModalityDropoutMlp))
    {
        Width = context.Hyperparameters.Whole("width");
        drop = context.Hyperparameters["drop"];
        encoders = new(context.Modalities, Width, context.Random);
        fusion = new(encoders.Count * Width, Width, context.Random);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <inheritdoc/>
    public override Representation Represent(Batch batch)
    {
        var shown = batch.Random is { } random
            ? batch.Hide(ModalityDrop.Thin(batch.Mask, drop, random))
            : batch;
        return new(fusion.call(encoders.Encode(shown).flatten(1)));
    }
}
