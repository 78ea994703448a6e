using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using CausalDebiasing.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Causal branch z_c and spurious branch z_b on the backbone's features, by bias amplification and relative
/// difficulty with feature swapping (DFA, Lee et al. 2021, equations 4-6), optionally with the missingness
/// deconfounder on the causal classifier: our reconstruction of the paper's framework.
/// </summary>
/// <remarks>
/// Loss = w BCE(causal) + GCE(spurious), and after a warm-up the same with z_b permuted between rows (the
/// spurious classifier then gets the permuted labels); 0.1 cross-covariance of z_c and z_b; with the
/// deconfounder, 0.1 Jensen-Shannon divergence between the factual and the marginal probability.
/// </remarks>
internal sealed class DualBranchHead : Head
{
    private const double Amplification = 0.7;
    private const double Decorrelation = 0.1;
    private const double PatternFlip = 0.1;

    private readonly HeadOptions options;
    private readonly Sequential causal;
    private readonly Sequential spurious;
    private readonly Sequential spuriousClassifier;
    private readonly PatternClassifier? adjusted;
    private readonly Sequential? unadjusted;
    private readonly RelativeDifficulty difficulty;

    internal DualBranchHead(HeadContext context, HeadOptions options)
        : base(nameof(DualBranchHead))
    {
        this.options = options;
        var width = context.Width;
        causal = Layers.Perceptron(context.Random, width, width, width);
        spurious = Layers.Perceptron(context.Random, width + context.ModalityCount, width, width);
        spuriousClassifier = Layers.Perceptron(context.Random, 2 * width, width, 1);
        if (options.Adjustment == PatternAdjustment.None)
            unadjusted = Layers.Perceptron(context.Random, 2 * width, width, 1);
        else
            adjusted = new(context, 2 * width, width);
        difficulty = new(context.TrainingRows, options.TemperedDifficulty);
        RegisterComponents();
    }

    public override Tensor Loss(Tensor features, Batch batch, double progress)
    {
        var labels = batch.Labels!;
        var (causalPart, spuriousPart) = Split(features, batch);
        adjusted?.Learn(cat([causalPart, spuriousPart], 1), batch);
        var spuriousLogit = SpuriousLogit(causalPart, spuriousPart);
        var (causalLoss, plainLoss, flip) = CausalLoss(causalPart, spuriousPart, batch);
        var weights = Weights(batch, spuriousLogit, plainLoss);
        var loss =
            WeightedMean(causalLoss * weights + flip * PatternFlip, batch)
            + WeightedMean(Losses.AmplifiedCrossEntropy(spuriousLogit, labels, Amplification), batch)
            + Losses.CrossCovariance(causalPart, spuriousPart) * Decorrelation;
        if (progress < options.SwapStart)
            return loss;
        var order = randperm(batch.Count, generator: batch.Random!);
        var swapped = spuriousPart.index_select(0, order);
        var (swappedLoss, _, _) = CausalLoss(causalPart, swapped, batch);
        var swappedSpurious = Losses.AmplifiedCrossEntropy(
            SpuriousLogit(causalPart, swapped),
            labels.index_select(0, order),
            Amplification
        );
        return loss + WeightedMean(swappedLoss * weights + swappedSpurious, batch);
    }

    public override Tensor Probability(Tensor features, Batch batch)
    {
        var (causalPart, spuriousPart) = Split(features, batch);
        var joint = cat([causalPart, spuriousPart], 1);
        return adjusted is null
            ? sigmoid(unadjusted!.forward(joint).squeeze(-1))
            : adjusted.Classify(joint, batch).Marginal;
    }

    private (Tensor Causal, Tensor Spurious) Split(Tensor features, Batch batch) =>
        (causal.forward(features), spurious.forward(cat([features, batch.Mask], 1)));

    private Tensor SpuriousLogit(Tensor causalPart, Tensor spuriousPart) =>
        spuriousClassifier.forward(cat([causalPart.detach(), spuriousPart], 1)).squeeze(-1);

    private (Tensor Objective, Tensor CrossEntropy, Tensor Flip) CausalLoss(
        Tensor causalPart,
        Tensor spuriousPart,
        Batch batch
    )
    {
        var joint = cat([causalPart, spuriousPart.detach()], 1);
        if (adjusted is null)
        {
            var plain = Losses.BinaryCrossEntropy(unadjusted!.forward(joint).squeeze(-1), batch.Labels!);
            return (plain, plain, zeros_like(plain));
        }
        var (factual, marginal) = adjusted.Classify(joint, batch);
        return (
            PatternClassifier.Loss(factual, marginal, batch.Labels!),
            Losses.BinaryCrossEntropy(factual, batch.Labels!),
            Losses.JensenShannon(sigmoid(factual), marginal)
        );
    }

    private Tensor Weights(Batch batch, Tensor spuriousLogit, Tensor causalLoss)
    {
        using var inference = no_grad();
        bool[] positive = [.. batch.Labels!.Elements<float>().Select(label => label > 0)];
        var biased = Losses.BinaryCrossEntropy(spuriousLogit, batch.Labels!).Elements<float>();
        return tensor(
            difficulty.Weights(batch.Rows, positive, biased, causalLoss.detach().Elements<float>())
        );
    }
}
