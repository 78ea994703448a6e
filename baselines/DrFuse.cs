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
/// DrFuse (Yao et al., AAAI 2024; repository dorothy-yao/drfuse) for M modalities. Each modality has shared features
/// s_m, brought together across modalities, and distinct ones u_m, kept apart from them; the shared ones are pooled
/// over what is observed, and attention whose query is the mean query of the available tokens fuses the rest:
/// <code>
/// s = logit(mean over observed m of sigmoid(s_m))
/// features = softmax(q k_j / sqrt d) v_j over the tokens j = u_1, .., u_M, s that are available
/// auxiliary loss = JSD(sigmoid s_1, .., sigmoid s_M) + |cos(s_m, u_m)| + BCE from each u_m and from s + ranking
/// </code>
/// The ranking loss asks for more attention on the token that predicts better alone. All terms have weight 1.
/// </summary>
/// <remarks>
/// The pooling equals the released logsumexp([a + b, a + b, a, b]) - logsumexp([0, 0, a, b]) for two modalities.
/// For M modalities the divergence is that of all observed ones at once, the cosine and uni-modal terms are 2 / M
/// times their sums (with M = 2: the published loss). Differs from the released code in: Bernoulli divergence (the code has only
/// the terms p log p, without 1 - p), over rows that observe at least two modalities (the code sums over all rows); one outcome, hence one
/// attention key per token; no modality need be always present; width 32 (256), two-layer branches on the standard
/// encoders, no dropout.
/// </remarks>
[Baseline("drfuse", Title = "DrFuse", Year = 2024, Paper = "arXiv:2403.06197")]
[Hyperparameter("width", 32, 16, 128, Logarithmic = true, Step = 8)]
[Hyperparameter("lr", 2e-3, 1e-4, 1e-2, Logarithmic = true)]
[Hyperparameter("disentangle", 1, 0.1, 2)]
[Hyperparameter("ranking", 1, 0.1, 2)]
public sealed class DrFuse : Backbone
{
    private readonly double disentangle;
    private readonly double ranking;
    private readonly EncoderBank encoders;
    private readonly Sequential shared;
    private readonly ModuleList<Sequential> distinct;
    private readonly Linear attention;
    private readonly Parameter unimodal;
    private readonly Linear sharedHead;

    /// <summary>Builds the untrained network.</summary>
    public DrFuse(BackboneContext context)
        : base(nameof(DrFuse))
    {
        var (values, random) = (context.Hyperparameters, context.Random);
        Width = values.Whole("width");
        disentangle = values["disentangle"];
        ranking = values["ranking"];
        encoders = new(context.Modalities, Width, random);
        shared = Layers.Perceptron(random, Width, 2 * Width, Width);
        distinct = new([.. context.Modalities.Select(_ => Layers.Perceptron(random, Width, Width, Width))]);
        attention = Layers.Linear(random, Width, 3 * Width);
        unimodal = Layers.Parameter(random, 1 / Math.Sqrt(Width), encoders.Count, Width + 1);
        sharedHead = Layers.Linear(random, Width, 1);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <inheritdoc/>
    public override Representation Represent(Batch batch)
    {
        var mask = batch.Mask;
        var vectors = encoders.Encode(batch);
        var common = shared.call(vectors);
        var own = stack([.. distinct.Select((branch, m) => branch.call(vectors.select(1, m)))], 1);
        var pooled = DrFuseTerms.Pool(common, mask);
        var available = cat([mask, ones(batch.Count, 1)], 1);
        var (features, attended) = Attend(cat([own, pooled.unsqueeze(1)], 1), available);
        if (batch.Labels is not { } labels)
            return new(features);

        var logits = cat(
            [
                (own * unimodal.narrow(1, 0, Width)).sum(-1) + unimodal.select(1, Width),
                sharedHead.forward(pooled),
            ],
            1
        );
        var losses = Losses.BinaryCrossEntropy(logits, labels.unsqueeze(1));
        var weighted = batch.Weights is { } weights ? losses * weights.unsqueeze(1) : losses;
        var paired = available * mask.sum(1, keepdim: true).gt(1).to(ScalarType.Float32);
        return new(
            features,
            2.0 / encoders.Count * Masked.ColumnMeans(weighted.narrow(1, 0, encoders.Count), mask).sum()
                + weighted.select(1, encoders.Count).mean()
                + disentangle
                    * (DrFuseTerms.Divergence(common, pooled, mask) + DrFuseTerms.Overlap(common, own, mask))
                + ranking * DrFuseTerms.Ranking(attended, losses.detach(), paired)
        );
    }

    private (Tensor Features, Tensor Attention) Attend(Tensor tokens, Tensor available)
    {
        var parts = attention.forward(tokens).chunk(3, -1);
        var (query, value, key) = (parts[0], parts[1], parts[2]);
        var present = available.unsqueeze(-1);
        var mean = (query * present).sum(1, keepdim: true) / present.sum(1, keepdim: true);
        var scores = (mean * key).sum(-1) / Math.Sqrt(Width);
        var shares = nn.functional.softmax(scores.masked_fill(available.eq(0), -1e9), 1);
        return ((shares.unsqueeze(-1) * value).sum(1), shares);
    }
}
