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
    /// <param name="rows">The standardised rows.</param>
    /// <param name="loss">Of the scores [B] of a batch; a number.</param>
    /// <param name="steps">At least one.</param>
    /// <param name="learningRate">Above 0.</param>
    /// <param name="random">Of dropout and the like.</param>
    /// <param name="seed">Of the order of rows.</param>
    internal static void Run(
        DetectorFeatures features,
        Linear linear,
        TensorCohort rows,
        Func<Tensor, Batch, Tensor> loss,
        int steps,
        double learningRate,
        Generator random,
        Seed seed
    )
    {
        using var optimiser = optim.Adam([.. linear.parameters(), .. features.Parameters], learningRate);
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
            var batch = rows.Rows(order[start..Math.Min(order.Length, start + BatchSize)], random);
            start += BatchSize;
            var value = loss(linear.forward(features.Read(batch)).squeeze(-1), batch);
            optimiser.zero_grad();
            value.backward();
            optimiser.step();
        }
    }
}
