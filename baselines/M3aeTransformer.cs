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
/// M3AE-T, the multimodal masked autoencoder (arXiv 2303.05302; repository ccarliu/m3ae) carried over from images to
/// patient data with a Transformer. Stage 1: hide k of the n observed modalities, k uniform in 0..n-1, and patches of
/// the others until 75 % of the observed patches are hidden; hidden and missing patches show a learned substitute;
/// minimise MSE over the observed entries + 0.005 * |substitute - its mean over the patches|. Stage 2: substitute
/// frozen; two copies of every row with independent modality drops; BCE + 0.1 * MSE between the copies' features.
/// </summary>
/// <remarks>
/// Deviations: patches are groups of features or of time steps, the codes of a patient are one patch; 4 patches per
/// modality and 75 % hidden instead of 2,048 and 87.5 %, one Transformer layer of width 32 instead of a U-Net, 5 epochs of
/// pre-training at 2e-3 (substitute 3e-2, the published ratio) without cosine decay instead of 600; masks are drawn
/// per row. The task loss sees the first copy only, since the head belongs to the caller. Prediction hides nothing.
/// </remarks>
[Baseline(
    "m3ae-t",
    Title = "M3AE-T",
    Year = 2023,
    Paper = "arXiv:2303.05302",
    Family = BaselineFamily.Imputation
)]
[Hyperparameter("width", 32, 16, 128, Logarithmic = true, Step = 8)]
[Hyperparameter("lr", 2e-3, 1e-4, 1e-2, Logarithmic = true)]
[Hyperparameter("layers", 1, 1, 3, Step = 1)]
[Hyperparameter("patches", 4, 2, 8, Step = 1)]
[Hyperparameter("pretraining", 5, 1, 20, Step = 1)]
public sealed class M3aeTransformer : Backbone
{
    private const int Heads = 2;
    private const int BatchSize = 256;
    private const double HiddenShare = 0.75;
    private const double LearningRate = 2e-3;
    private const double SubstituteRate = 3e-2;
    private const double SubstitutePenalty = 0.005;
    private const double Distillation = 0.1;

    private readonly int epochs;
    private readonly ModuleList<PatchModality> modalities;
    private readonly ModuleList<AttentionLayer> layers;

    /// <summary>Builds the untrained network.</summary>
    public M3aeTransformer(BackboneContext context)
        : base(nameof(M3aeTransformer))
    {
        Width = context.Hyperparameters.Whole("width");
        epochs = context.Hyperparameters.Whole("pretraining");
        var patches = context.Hyperparameters.Whole("patches");
        modalities = new([
            .. context.Modalities.Select(modality => new PatchModality(
                PatchLayout.Of(modality, patches),
                Width,
                context.Random
            )),
        ]);
        layers = AttentionLayer.Stack(context.Hyperparameters.Whole("layers"), Width, Heads, context.Random);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <summary>The frozen substitute content of every modality, [G, P] each.</summary>
    internal Tensor[] Substitutes => [.. modalities.Select(modality => modality.Substitute)];

    /// <inheritdoc/>
    public override void Pretrain(TrainingRows rows)
    {
        using var scope = NewDisposeScope();
        Parameter[] learned = [.. Substitutes.Select(content => new Parameter(content.clone()))];
        using var network = optim.Adam(parameters(), LearningRate);
        using var content = optim.Adam(learned, SubstituteRate);
        for (var epoch = 0; epoch < epochs && !rows.IsTimeUp; epoch++)
            rows.ForEach(
                BatchSize,
                batch =>
                {
                    var loss = PretrainingLoss(batch, learned);
                    network.zero_grad();
                    content.zero_grad();
                    loss.backward();
                    network.step();
                    content.step();
                }
            );
        foreach (var (frozen, value) in Substitutes.Zip(learned))
            frozen.copy_(value.detach());
    }

    /// <inheritdoc/>
    public override Representation Represent(Batch batch)
    {
        if (batch.Random is not { } random)
            return new(Features(batch, [batch.Mask]));
        var (one, other) = (
            RandomSubsets.DropSome(batch.Mask, random),
            RandomSubsets.DropSome(batch.Mask, random)
        );
        var copies = Features(batch, [one, other]).chunk(2);
        return new(copies[0], Distillation * (copies[0] - copies[1]).square().mean());
    }

    /// <summary>
    /// [N, T] visible patches of stage 1: modalities are dropped, then patches, until only a share of each row's
    /// observed patches is left (at least one; fewer when the kept modalities have no more).
    /// </summary>
    /// <param name="mask">[N, M] observed modalities.</param>
    /// <param name="patches">Patches of each modality.</param>
    /// <param name="hidden">Share to hide.</param>
    /// <param name="random">Source of the choice.</param>
    internal static Tensor VisiblePatches(Tensor mask, int[] patches, double hidden, Generator random)
    {
        var observed = ToPatches(mask, patches).sum([1L]);
        var kept = ToPatches(RandomSubsets.DropSome(mask, random), patches);
        return RandomSubsets.OfSize(kept, (observed * (1 - hidden)).floor().clamp_min(1), random);
    }

    private static Tensor ToPatches(Tensor mask, int[] patches) =>
        cat([.. patches.Select((count, m) => mask.narrow(1, m, 1).expand(-1, count))], 1);

    /// <summary>Mean squared error over the observed entries, plus how far each substitute is from its mean.</summary>
    internal Tensor PretrainingLoss(Batch batch, Parameter[] content)
    {
        int[] counts = [.. modalities.Select(modality => modality.Layout.Patches)];
        long[] sizes = [.. counts.Select(count => (long)count)];
        var visible = VisiblePatches(batch.Mask, counts, HiddenShare, batch.Random!).split(sizes, 1);
        var cuts = modalities
            .Select((modality, m) => modality.Layout.Cut(batch.Values[m], batch.Mask.select(1, m)))
            .ToArray();
        var tokens = modalities.Select(
            (modality, m) => modality.Embed(cuts[m].Values, visible[m], content[m])
        );
        var decoded = Transform(cat([.. tokens], 1)).split(sizes, 1);
        var (error, entries) = (zeros(1), zeros(1));
        for (var m = 0; m < cuts.Length; m++)
        {
            var (target, observed) = cuts[m];
            error = error + ((modalities[m].Decode(decoded[m]) - target).square() * observed).sum();
            entries = entries + observed.sum();
        }
        return error / entries + SubstitutePenalty * stack([.. content.Select(DistanceFromMean)]).sum();
    }

    private static Tensor DistanceFromMean(Tensor content) =>
        ((content - content.mean([0L], keepdim: true)).square().sum() + 1e-12).sqrt();

    /// <summary>Features of the rows under each of the masks, one below the other: [masks * N, d].</summary>
    private Tensor Features(Batch batch, Tensor[] masks)
    {
        var shown = cat(masks, 0);
        var tokens = modalities.Select(
            (modality, m) =>
            {
                var (values, _) = modality.Layout.Cut(batch.Values[m], batch.Mask.select(1, m));
                var visible = shown.narrow(1, m, 1).expand(-1, modality.Layout.Patches);
                return modality.Embed(values.repeat(masks.Length, 1, 1), visible, modality.Substitute);
            }
        );
        return Transform(cat([.. tokens], 1)).mean([1L]);
    }

    private Tensor Transform(Tensor tokens)
    {
        foreach (var layer in layers)
            tokens = layer.forward(tokens, mask: null);
        return tokens;
    }
}
