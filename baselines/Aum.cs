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
/// AUM, reconstructed from the abstract of arXiv:2601.21950 (neither equations nor code are public): each
/// modality's representation is a Gaussian N(mu_m, diag exp(lv_m)), whose variance is the aleatoric
/// uncertainty, and messages of the patient-modality graph are weighted by reliability.
/// </summary>
/// <remarks>
/// Our choices: mu and lv are linear in the encoder's vector, lv clamped to [-6, 3]; edges carry a sample in
/// training and the mean when predicting; messages from modality m to patient i have weight
/// softmax over the observed m of -mean_j lv_imj, on the message passing of <see cref="PatientModalityGraph"/>
/// with its equal weights from patients to modalities; the loss has 0.001 times the mean KL divergence
/// of the observed Gaussians from N(0, I).
/// </remarks>
[Baseline("aum", Title = "AUM", Year = 2026, Paper = "arXiv:2601.21950", Family = BaselineFamily.Graph)]
[Hyperparameter("width", 32, 16, 128, Logarithmic = true, Step = 8)]
[Hyperparameter("lr", 2e-3, 1e-4, 1e-2, Logarithmic = true)]
[Hyperparameter("layers", 2, 1, 3, Step = 1)]
[Hyperparameter("kl", 1e-3, 1e-5, 1e-1, Logarithmic = true)]
public sealed class Aum : Backbone
{
    private readonly EncoderBank encoders;
    private readonly Linear mean;
    private readonly Linear logVariance;
    private readonly PatientModalityGraph graph;
    private readonly double kl;

    /// <summary>Builds the untrained network.</summary>
    public Aum(BackboneContext context)
        : base(nameof(Aum))
    {
        Width = context.Hyperparameters.Whole("width");
        kl = context.Hyperparameters["kl"];
        encoders = new(context.Modalities, Width, context.Random);
        mean = Layers.Linear(context.Random, Width, Width);
        logVariance = Layers.Linear(context.Random, Width, Width);
        graph = new(
            encoders.Count,
            Width,
            context.Hyperparameters.Whole("layers"),
            normalise: false,
            context.Random
        );
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <inheritdoc/>
    public override Representation Represent(Batch batch)
    {
        var vectors = nn.functional.relu(encoders.Encode(batch));
        var mu = mean.forward(vectors);
        var lv = logVariance.forward(vectors).clamp(-6, 3);
        var edges = batch.Random is { } random
            ? mu + (lv / 2).exp() * randn(mu.shape, generator: random)
            : mu;
        var features = graph.forward(edges, batch.Mask, batch, dropout: 0, Reliability(lv, batch.Mask));
        return batch.IsTraining
            ? new(features, kl * (Divergence(mu, lv) * batch.Mask).sum() / batch.Mask.sum())
            : new(features);
    }

    /// <summary>softmax over the observed modalities of -mean_j lv_mj: [N, M], rows sum to 1, 0 where missing.</summary>
    /// <param name="logVariance">[N, M, d].</param>
    /// <param name="mask">[N, M].</param>
    internal static Tensor Reliability(Tensor logVariance, Tensor mask) =>
        nn.functional.softmax((-logVariance.mean([-1L])).masked_fill(mask.eq(0), -1e9), -1) * mask;

    /// <summary>KL(N(mu, diag exp(lv)) || N(0, I)) = 1/2 sum_j (exp lv_j + mu_j^2 - 1 - lv_j), [N, M].</summary>
    internal static Tensor Divergence(Tensor mu, Tensor logVariance) =>
        (logVariance.exp() + mu.square() - 1 - logVariance).sum([-1L]) / 2;
}
