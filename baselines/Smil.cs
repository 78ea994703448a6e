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
/// SMIL (Ma et al., AAAI 2021; repository mengmenm/SMIL), first order. A missing modality is a convex mixture of K
/// centroids of that modality's vectors, with weights from what is observed; learned noise perturbs two layers of
/// incomplete rows; and the perturbed network is trained by meta-learning:
/// <code>
/// z_m = sum_k w_k c_mk / sum_k w_k, w = softplus(A z_observed), where m is missing
/// f = [z_1; ..; z_M] + softplus(B z_observed + e);  features = relu(W f) + softplus(C f + e), e ~ N(0, 1) in training
/// W' = W - inner-lr grad (BCE on incomplete rows)
/// auxiliary loss = BCE (features) + BCE (features' under W' with further modalities hidden)
///   + 0.01 |f - f'|^2 + 0.01 |features - features'|^2
/// </code>
/// </summary>
/// <remarks>
/// Differs from the released code in: first order (the gradient at W' is used for W), inner step on the fusion layer
/// alone and through a linear head of the backbone's own, because the predictor's head is not the backbone's; "complete" data
/// are any rows of which something observed can be hidden; the features of complete rows, which there only serve
/// as targets, feed the predictor's head; centroids follow the encoders, by ten Lloyd iterations from the last ones
/// before each epoch (there k-means on a network trained beforehand); width 32, no dropout.
/// </remarks>
[Baseline(
    "smil",
    Title = "SMIL (first order)",
    Year = 2021,
    Paper = "arXiv:2103.05677",
    Family = BaselineFamily.Imputation
)]
[Hyperparameter("width", 32, 16, 128, Logarithmic = true, Step = 8)]
[Hyperparameter("lr", 2e-3, 1e-4, 1e-2, Logarithmic = true)]
[Hyperparameter("centroids", 10, 2, 20, Step = 1)]
[Hyperparameter("inner-lr", 1e-3, 1e-4, 1e-1, Logarithmic = true)]
[Hyperparameter("align", 0.01, 1e-3, 0.1, Logarithmic = true)]
public sealed class Smil : Backbone
{
    private const int ClusteredRows = 2000;
    private const int ClusterIterations = 10;
    private const double Hiding = 0.5;

    private readonly double innerRate;
    private readonly double align;
    private readonly EncoderBank encoders;
    private readonly Linear mixture;
    private readonly Linear firstNoise;
    private readonly Linear secondNoise;
    private readonly Linear fusion;
    private readonly Linear innerHead;
    private readonly Tensor centroids;

    /// <summary>Builds the untrained network.</summary>
    public Smil(BackboneContext context)
        : base(nameof(Smil))
    {
        var (values, random) = (context.Hyperparameters, context.Random);
        Width = values.Whole("width");
        innerRate = values["inner-lr"];
        align = values["align"];
        var (count, clusters) = (context.Modalities.Count, values.Whole("centroids"));
        encoders = new(context.Modalities, Width, random);
        mixture = Layers.Linear(random, count * Width, count * clusters);
        firstNoise = Layers.Linear(random, count * Width, count * Width);
        secondNoise = Layers.Linear(random, count * Width, Width);
        fusion = Layers.Linear(random, count * Width, Width);
        innerHead = Layers.Linear(random, Width, 1);
        centroids = zeros(count, clusters, Width);
        register_buffer("centroids", centroids);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <inheritdoc/>
    public override void BeginEpoch(TrainingRows rows, int epoch)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var parts = Enumerable.Range(0, encoders.Count).Select(_ => new List<Tensor>()).ToArray();
        rows.ForEach(
            ClusteredRows,
            batch =>
            {
                if (parts.All(part => part.Sum(points => points.size(0)) >= ClusteredRows))
                    return;
                var vectors = encoders.Encode(batch);
                for (var m = 0; m < parts.Length; m++)
                {
                    var observed = batch.Mask.select(1, m).nonzero().squeeze(1);
                    parts[m].Add(vectors.select(1, m).index_select(0, observed).MoveToOuterDisposeScope());
                }
            }
        );
        for (var m = 0; m < parts.Length; m++)
        {
            var points = cat(parts[m], 0);
            // Rows come in random order, so the first ones are a random choice.
            var first = arange(centroids.size(1), dtype: ScalarType.Int64).remainder(points.size(0));
            var start = epoch == 1 ? points.index_select(0, first) : centroids[m];
            centroids[m].copy_(KMeans.Lloyd(points, start, ClusterIterations));
        }
    }

    /// <inheritdoc/>
    public override Representation Represent(Batch batch)
    {
        var vectors = encoders.Encode(batch);
        var view = Look(vectors, batch.Mask, batch.Random);
        var features = Fuse(view, fusion.weight!, fusion.bias!);
        if (batch.Random is not { } random || batch.Labels is null)
            return new(features);

        var (weight, bias) = InnerStep(view, batch);
        var shown = ModalityDrop.Thin(batch.Mask, Hiding, random);
        var hidden = (batch.Mask - shown).amax([1L]);
        var other = Look(vectors * shown.unsqueeze(-1), shown, random);
        var otherFeatures = Fuse(other, weight, bias);
        var apart =
            (view.Fused - other.Fused).square().mean([1L]) + (features - otherFeatures).square().mean([1L]);
        return new(
            features,
            InnerLosses(features, batch).mean()
                + Masked.Mean(InnerLosses(otherFeatures, batch), hidden)
                + align * Masked.Mean(apart, hidden)
        );
    }

    /// <summary>sum_k w_k c_mk / sum_k w_k, [N, M, d]: in the convex hull of each modality's centroids.</summary>
    /// <param name="weights">[N, M, K], positive.</param>
    /// <param name="centroids">[M, K, d].</param>
    internal static Tensor Mix(Tensor weights, Tensor centroids) =>
        einsum("nmk,mkd->nmd", weights / weights.sum(2, keepdim: true), centroids);

    /// <summary>A row as the fusion layer sees it: its input f [N, M d] and the perturbation of its output [N, d].</summary>
    private readonly record struct View(Tensor Fused, Tensor Perturbation);

    private View Look(Tensor vectors, Tensor mask, Generator? random)
    {
        var observed = vectors.flatten(1);
        var incomplete = 1 - mask.amin([1L], keepdim: true);
        var weights = nn.functional.softplus(mixture.forward(observed)).view(mask.size(0), mask.size(1), -1);
        var filled = where(mask.gt(0).unsqueeze(-1), vectors, Mix(weights, centroids)).flatten(1);
        var fused = filled + incomplete * Noise(firstNoise.forward(observed), random);
        return new(fused, incomplete * Noise(secondNoise.forward(fused), random));
    }

    private static Tensor Noise(Tensor mean, Generator? random) =>
        nn.functional.softplus(random is null ? mean : mean + randn(mean.shape, generator: random));

    private static Tensor Fuse(View view, Tensor weight, Tensor bias) =>
        nn.functional.relu(nn.functional.linear(view.Fused, weight, bias)) + view.Perturbation;

    private Tensor InnerLosses(Tensor features, Batch batch)
    {
        var losses = Losses.BinaryCrossEntropy(innerHead.forward(features).squeeze(-1), batch.Labels!);
        return batch.Weights is { } weights ? losses * weights : losses;
    }

    /// <summary>The fusion layer after one gradient step on the incomplete rows; its own gradient passes unchanged.</summary>
    private (Tensor Weight, Tensor Bias) InnerStep(View view, Batch batch)
    {
        var (weight, bias) = (fusion.weight!, fusion.bias!);
        var features = Fuse(new(view.Fused.detach(), view.Perturbation.detach()), weight, bias);
        var loss = Masked.Mean(InnerLosses(features, batch), 1 - batch.Mask.amin([1L]));
        return Descend(loss, weight, bias, innerRate);
    }

    /// <summary>Weight and bias after one step of gradient descent.</summary>
    internal static (Tensor Weight, Tensor Bias) Descend(Tensor loss, Tensor weight, Tensor bias, double rate)
    {
        var gradients = autograd.grad([loss], [weight, bias]);
        return (weight - rate * gradients[0], bias - rate * gradients[1]);
    }
}
