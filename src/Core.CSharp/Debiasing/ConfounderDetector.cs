using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// The spurious branch as a detector. A linear score is trained briefly with generalised cross-entropy on
/// pattern-balanced weights, so that it follows what is easiest; it is then refined: the score is split in two
/// by two-means (the pseudo-confounder), which is regressed by ridge on features, mask and label; the part that
/// features and mask explain is the new score. Conditioning on the label takes the signal out of the score.
/// </summary>
internal static class ConfounderDetector
{
    /// <summary>Steps, not epochs, so that the score is as amplified on a small cohort as on a large one.</summary>
    private const int Steps = 72;
    private const int BatchSize = 256;
    private const double LearningRate = 2e-3;
    private const double Amplification = 0.7;
    private const int TwoMeansSteps = 20;

    /// <summary>The score of every training row, standardised to mean 0 and sd 1, [n] in Float32.</summary>
    internal static Tensor Score(Cohort train, Tensor features, int refinements, Seed seed)
    {
        using var scope = NewDisposeScope();
        var labels = tensor(train.Labels.ToArray());
        var score = Amplified(train, features, labels, seed);
        if (refinements > 0)
            score = Refine(features, DetectorInputs.Mask(train), labels, score, refinements);
        return ((score - score.mean()) / score.std().clamp_min(1e-8)).MoveToOuterDisposeScope();
    }

    private static Tensor Amplified(Cohort train, Tensor features, Tensor labels, Seed seed)
    {
        var balance = new LabelBalance(train, 0, seed);
        var weights = tensor([
            .. Enumerable
                .Range(0, train.Count)
                .Select(row => (float)balance[train.Pattern(row), train.Labels[row] > 0]),
        ]);
        using var random = seed.Derive("detector").ToGenerator();
        using var linear = Predictors.Layers.Linear(random, features.size(1), 1);
        using var optimiser = optim.Adam(linear.parameters(), LearningRate);
        var order = randperm(train.Count, generator: random);
        var start = 0L;
        for (var taken = 0; taken < Steps; taken++)
        {
            if (start >= train.Count)
                (order, start) = (randperm(train.Count, generator: random), 0);
            using var step = NewDisposeScope();
            var rows = order.narrow(0, start, Math.Min(BatchSize, train.Count - start));
            start += BatchSize;
            var logit = linear.forward(features.index_select(0, rows)).squeeze(-1);
            var losses = Losses.AmplifiedCrossEntropy(logit, labels.index_select(0, rows), Amplification);
            var loss = (losses * weights.index_select(0, rows)).mean();
            optimiser.zero_grad();
            loss.backward();
            optimiser.step();
        }
        return linear.forward(features).squeeze(-1).detach();
    }

    private static Tensor Refine(Tensor features, Tensor mask, Tensor labels, Tensor score, int refinements)
    {
        var inputs = cat([features, mask], 1).to(ScalarType.Float64);
        var label = labels.to(ScalarType.Float64).unsqueeze(1);
        var design = cat([inputs, label, ones_like(label)], 1);
        var gram = design.transpose(0, 1).mm(design) + eye(design.size(1), dtype: ScalarType.Float64);
        for (var i = 0; i < refinements; i++)
        {
            var pseudo = score.gt(TwoMeansThreshold(score)).to(ScalarType.Float64).unsqueeze(1);
            var coefficients = linalg.solve(gram, design.transpose(0, 1).mm(pseudo));
            score = inputs.mm(coefficients.narrow(0, 0, inputs.size(1))).squeeze(1);
        }
        return score.to(ScalarType.Float32);
    }

    private static double TwoMeansThreshold(Tensor score)
    {
        var (low, high) = (score.min().ToDouble(), score.max().ToDouble());
        for (var i = 0; i < TwoMeansSteps; i++)
        {
            var threshold = (low + high) / 2;
            var below = score.le(threshold);
            var (few, many) = (score.masked_select(below), score.masked_select(below.logical_not()));
            if (few.numel() == 0 || many.numel() == 0)
                break;
            (low, high) = (few.mean().ToDouble(), many.mean().ToDouble());
        }
        return (low + high) / 2;
    }
}
