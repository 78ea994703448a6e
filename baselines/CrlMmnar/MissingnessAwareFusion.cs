using CausalDebiasing.Baselines.Shared;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using CausalDebiasing.Networks.Encoders;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines;

/// <summary>
/// The network of CRL-MMNAR: a pattern embedding delta = MLP(o) gates the modality vectors,
/// t_m = sigmoid(U_m delta) o_m z_m, which attend to one another and then to delta; their mean h and the mask go
/// through a perceptron. Auxiliary losses: every modality's inputs from the other modalities, and the mask from h.
/// </summary>
public sealed class MissingnessAwareFusion : Backbone
{
    private const int Heads = 2;
    private const double ReconstructionWeight = 0.2;
    private const double PatternWeight = 0.2;

    private readonly IReadOnlyList<Modality> modalities;
    private readonly EncoderBank encoders;
    private readonly ConcatenationFusion pattern;
    private readonly Linear gates;
    private readonly AttentionLayer attention;
    private readonly Linear fromPattern;
    private readonly ConcatenationFusion fusion;
    private readonly Linear maskDecoder;
    private readonly ModuleList<Sequential> decoders;

    /// <summary>Builds the untrained network.</summary>
    public MissingnessAwareFusion(BackboneContext context)
        : base(nameof(MissingnessAwareFusion))
    {
        Width = context.Hyperparameters.Whole("width");
        modalities = context.Modalities;
        var random = context.Random;
        encoders = new(modalities, Width, random);
        pattern = new(encoders.Count, Width, random);
        gates = Layers.Linear(random, Width, encoders.Count * Width);
        attention = new(Width, Heads, random);
        fromPattern = Layers.Linear(random, Width, Width);
        fusion = new(Width + encoders.Count, Width, random);
        maskDecoder = Layers.Linear(random, Width, encoders.Count);
        decoders = new([
            .. modalities.Select(modality =>
                Layers.Perceptron(random, Width, Width, InputEntries.Count(modality))
            ),
        ]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <inheritdoc/>
    public override Representation Represent(Batch batch)
    {
        var present = batch.Mask.unsqueeze(-1);
        var delta = pattern.call(batch.Mask);
        var gate = sigmoid(gates.call(delta)).view(batch.Count, encoders.Count, Width);
        var gated = gate * encoders.Encode(batch);
        var attended = attention.forward(gated, batch.Mask) + fromPattern.call(delta).unsqueeze(1);
        var mean = (attended * present).sum([1L]) / present.sum([1L]);
        var features = fusion.call(cat([mean, batch.Mask], 1));
        if (!batch.IsTraining)
            return new(features);
        var maskLoss = nn.functional.binary_cross_entropy_with_logits(maskDecoder.call(mean), batch.Mask);
        return new(
            features,
            ReconstructionWeight * ReconstructionLoss(gated, batch) + PatternWeight * maskLoss
        );
    }

    /// <summary>Mean over the modalities of the error of x_m predicted from the mean of the other observed t_j.</summary>
    private Tensor ReconstructionLoss(Tensor gated, Batch batch)
    {
        var losses = modalities.Select(
            (modality, m) =>
            {
                var (context, others) = MeanOfOthers(gated, batch.Mask, m);
                var target = InputEntries.Values(modality, batch.Values[m]);
                var present = batch.Mask.select(1, m) * others.gt(0).to(ScalarType.Float32);
                var observed = InputEntries.Observed(modality, target, present);
                return InputEntries.MeanSquaredError(decoders[m].call(context), target, observed);
            }
        );
        return stack([.. losses]).mean();
    }

    /// <summary>Mean [N, d] of a row's observed vectors but that of modality m, and of how many, [N].</summary>
    /// <param name="gated">[N, M, d], zero where missing.</param>
    /// <param name="mask">[N, M].</param>
    /// <param name="m">Which modality is left out.</param>
    internal static (Tensor Mean, Tensor Count) MeanOfOthers(Tensor gated, Tensor mask, int m)
    {
        var others = mask.sum([1L]) - mask.select(1, m);
        return ((gated.sum([1L]) - gated.select(1, m)) / others.clamp_min(1).unsqueeze(1), others);
    }
}
