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
/// CM-AE, the cross-modality autoencoder (Ngiam et al. 2011): encoders z_m, a shared latent h = f(z_1..z_M) with
/// zeros for what is not shown, decoders of all modalities from h; missing modalities are imputed, then fused.
/// Loss: BCE + weight * sum over m of o_m MSE(x^_m, x_m), over the entries that were truly observed.
/// </summary>
/// <remarks>
/// Zero-input training: every step shows each row a uniformly drawn non-empty subset of its observed modalities and
/// reconstructs all of them (with two modalities: both, the first and the second in a third of the rows each, as
/// published). Deviations: trained together with the prediction instead of layer by layer before it, as usual since;
/// the imputed vector is the decoder's hidden layer, because codes cannot be encoded again from probabilities;
/// width 32.
/// </remarks>
[Baseline(
    "cm-ae",
    Title = "CM-AE",
    Year = 2011,
    Paper = "ICML 2011, Multimodal Deep Learning",
    Family = BaselineFamily.Imputation
)]
[Hyperparameter("width", 32, 16, 128, Logarithmic = true, Step = 8)]
[Hyperparameter("lr", 2e-3, 1e-4, 1e-2, Logarithmic = true)]
[Hyperparameter("reconstruction", 0.1, 0.01, 1, Logarithmic = true)]
public sealed class CmAe : Backbone
{
    private readonly IReadOnlyList<Modality> modalities;
    private readonly double reconstruction;
    private readonly EncoderBank encoders;
    private readonly ConcatenationFusion shared;
    private readonly ModuleList<Linear> imputers;
    private readonly ModuleList<Linear> decoders;
    private readonly ConcatenationFusion fusion;

    /// <summary>Builds the untrained network.</summary>
    public CmAe(BackboneContext context)
        : base(nameof(CmAe))
    {
        Width = context.Hyperparameters.Whole("width");
        modalities = context.Modalities;
        reconstruction = context.Hyperparameters["reconstruction"];
        encoders = new(modalities, Width, context.Random);
        shared = new(encoders.Count * Width, Width, context.Random);
        imputers = new([.. modalities.Select(_ => Layers.Linear(context.Random, Width, Width))]);
        decoders = new([
            .. modalities.Select(modality =>
                Layers.Linear(context.Random, Width, InputEntries.Count(modality))
            ),
        ]);
        fusion = new(encoders.Count * Width, Width, context.Random);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <inheritdoc/>
    public override Representation Represent(Batch batch)
    {
        var shown = batch.Random is { } random ? RandomSubsets.NonEmpty(batch, random) : batch.Mask;
        var vectors = encoders.Encode(batch) * shown.unsqueeze(-1);
        var latent = shared.call(vectors.flatten(1));
        var imputed = stack([.. imputers.Select(imputer => nn.functional.relu(imputer.call(latent)))], 1);
        var features = fusion.call((vectors + imputed * (1 - shown).unsqueeze(-1)).flatten(1));
        if (!batch.IsTraining)
            return new(features);
        var estimates = decoders.Select((decoder, m) => decoder.call(imputed.select(1, m))).ToArray();
        return new(features, reconstruction * ReconstructionLoss(modalities, estimates, batch));
    }

    /// <summary>Sum over the modalities of the mean squared error over their observed entries.</summary>
    /// <param name="modalities">The M modalities.</param>
    /// <param name="estimates">Per modality [N, D].</param>
    /// <param name="batch">The rows.</param>
    internal static Tensor ReconstructionLoss(
        IReadOnlyList<Modality> modalities,
        Tensor[] estimates,
        Batch batch
    )
    {
        var losses = modalities.Select(
            (modality, m) =>
            {
                var target = InputEntries.Values(modality, batch.Values[m]);
                var observed = InputEntries.Observed(modality, target, batch.Mask.select(1, m));
                return InputEntries.MeanSquaredError(estimates[m], target, observed);
            }
        );
        return stack([.. losses]).sum();
    }
}
