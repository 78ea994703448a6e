using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>A score that is linear in a detector's features, trained in steps of Adam together with them.</summary>
internal static class DetectorTraining
{
    private const int BatchSize = 256;

    /// <summary>
    /// Trains; a number of steps and not of epochs, so that a score comes as far on a small cohort as on a large one.
    /// </summary>
    /// <param name="features">That the score reads.</param>
    /// <param name="linear">The score, [N, Width] to [N, 1].</param>
    /// <param name="rows">The N standardised rows.</param>
    /// <param name="target">[N], what the score is to tell: 0 or 1.</param>
    /// <param name="weights">[N], or null for equal weights.</param>
    /// <param name="loss">Of scores and targets [B] of a batch, one per row.</param>
    /// <param name="steps">At least one.</param>
    /// <param name="learningRate">Above 0.</param>
    /// <param name="random">Of dropout and the like.</param>
    /// <param name="seed">Of the order of rows.</param>
    internal static void Run(
        DetectorFeatures features,
        Linear linear,
        TensorCohort rows,
        Tensor target,
        Tensor? weights,
        Func<Tensor, Tensor, Tensor> loss,
        int steps,
        double learningRate,
        Generator random,
        Seed seed
    )
    {
        using var optimiser = optim.Adam([.. linear.parameters(), .. features.Parameters], learningRate);
        var unlearnt = features.Unlearnt(rows.All());
        int[] order = [.. Enumerable.Range(0, rows.Count)];
        var shuffle = new Random(seed.Derive("order").ToInt32());
        var start = order.Length;
        for (var taken = 0; taken < steps; taken++)
        {
            if (start >= order.Length)
            {
                shuffle.Shuffle(order);
                start = 0;
            }
            using var step = NewDisposeScope();
            var chosen = order[start..Math.Min(order.Length, start + BatchSize)];
            var index = tensor([.. chosen.Select(row => (long)row)], ScalarType.Int64);
            start += BatchSize;
            var read = features.Read(unlearnt.index_select(0, index), () => rows.Rows(chosen, random));
            var losses = loss(linear.forward(read).squeeze(-1), target.index_select(0, index));
            if (weights is not null)
                losses = losses * weights.index_select(0, index);
            optimiser.zero_grad();
            losses.mean().backward();
            optimiser.step();
        }
    }
}
