using CausalDebiasing.Baselines.Shared;
using CausalDebiasing.Catalogue;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Debiasing;
using CausalDebiasing.Networks;
using CausalDebiasing.Networks.Encoders;
using CausalDebiasing.Predictors;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines;

/// <summary>
/// MedFuse (Hayat et al., MLHC 2022; repository nyuad-cai/MedFuse): the vectors of the available modalities, in
/// the cohort's order, are a sequence of varying length; an LSTM reads it, and its last hidden state predicts.
/// Beforehand each encoder learns the outcome alone, from the rows that observe its modality.
/// </summary>
/// <remarks>
/// Differs from the released code in: any number of modalities (there: records, then X-ray); the encoders share
/// a width, so no projection between them is needed; width 32 (256 or 512); the uni-modal stage has 3 epochs.
/// Row weights do not act on that stage.
/// </remarks>
[Baseline("medfuse", Title = "MedFuse", Year = 2022, Paper = "arXiv:2207.07027")]
[Hyperparameter("width", 32, 16, 128, Logarithmic = true, Step = 8)]
[Hyperparameter("lr", 2e-3, 1e-4, 1e-2, Logarithmic = true)]
[Hyperparameter("pretrain-epochs", 3, 0, 10, Step = 1)]
public sealed class MedFuse : Backbone
{
    private const int BatchSize = 256;

    private readonly int pretrainEpochs;
    private readonly double learningRate;
    private readonly EncoderBank encoders;
    private readonly LSTM recurrence;
    private readonly Parameter unimodal;
    private readonly Parameter unimodalBias;

    /// <summary>Builds the untrained network.</summary>
    public MedFuse(BackboneContext context)
        : base(nameof(MedFuse))
    {
        var random = context.Random;
        Width = context.Hyperparameters.Whole("width");
        pretrainEpochs = context.Hyperparameters.Whole("pretrain-epochs");
        learningRate = context.Hyperparameters["lr"];
        encoders = new(context.Modalities, Width, random);
        recurrence = nn.LSTM(Width, Width, batchFirst: true);
        using (no_grad())
            foreach (var parameter in recurrence.parameters())
                parameter.uniform_(-1 / Math.Sqrt(Width), 1 / Math.Sqrt(Width), random);
        unimodal = Layers.Parameter(random, 1 / Math.Sqrt(Width), encoders.Count, Width);
        unimodalBias = Layers.Parameter(random, 0.1, encoders.Count);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <inheritdoc/>
    public override void Pretrain(TrainingRows rows)
    {
        using var optimiser = optim.Adam([.. encoders.parameters(), unimodal, unimodalBias], learningRate);
        for (var epoch = 0; epoch < pretrainEpochs && !rows.IsTimeUp; epoch++)
            rows.ForEach(
                BatchSize,
                batch =>
                {
                    var logits = (encoders.Encode(batch) * unimodal).sum(-1) + unimodalBias;
                    var losses = Losses.BinaryCrossEntropy(logits, batch.Labels!.unsqueeze(1));
                    optimiser.zero_grad();
                    Masked.ColumnMeans(losses, batch.Mask).sum().backward();
                    optimiser.step();
                }
            );
    }

    /// <inheritdoc/>
    public override Representation Represent(Batch batch) =>
        new(LastHidden(recurrence, encoders.Encode(batch), batch.Mask));

    /// <summary>The LSTM's hidden state [N, d] after the observed vectors of each row, absent ones skipped.</summary>
    /// <param name="recurrence">A batch-first LSTM.</param>
    /// <param name="vectors">[N, M, d].</param>
    /// <param name="mask">[N, M], at least one 1 per row.</param>
    internal static Tensor LastHidden(LSTM recurrence, Tensor vectors, Tensor mask)
    {
        var (n, count, width) = (vectors.size(0), vectors.size(1), vectors.size(2));
        // Observed positions first, in order: what follows cannot change the states before it.
        var order = (arange(count) + count * (1 - mask)).argsort(1);
        var sequence = vectors.gather(1, order.unsqueeze(-1).expand(n, count, width));
        var (states, _, _) = recurrence.call(sequence);
        var last = (mask.sum(1) - 1).to(ScalarType.Int64).view(n, 1, 1);
        return states.gather(1, last.expand(n, 1, states.size(2))).squeeze(1);
    }
}
