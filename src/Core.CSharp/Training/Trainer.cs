using System.Diagnostics;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Metrics;
using CausalDebiasing.Predictors;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Training;

/// <summary>Minimises a network's loss with Adam and keeps the epoch that the selection rule prefers.</summary>
internal sealed class Trainer(
    Network network,
    TrainingOptions options,
    FitContext context,
    IBatchPolicy? policy
)
{
    private readonly int epochs = Math.Min(options.Epochs, context.MostEpochs ?? options.Epochs);
    private readonly Stopwatch clock = Stopwatch.StartNew();

    internal void Run(Cohort train, Cohort validation)
    {
        using var rows = new TensorCohort(train, forTraining: true);
        using var held = new TensorCohort(validation, forTraining: false);
        using var weights = context.SampleWeights is { } given ? tensor(given) : null;
        using var random = context.Seed.Derive("batches").ToGenerator();
        using var optimiser = optim.Adam(
            network.parameters(),
            options.LearningRate,
            weight_decay: options.WeightDecay
        );
        var own = new TrainingRows(rows, context, clock);
        network.train();
        network.Backbone.Pretrain(own);
        var validationWeights = policy?.ValidationWeights(validation);
        var validationOffsets = policy?.ValidationOffsets(validation);
        using var best = new Snapshot(network);
        var order = new Random(context.Seed.Derive("order").ToInt32());
        var (bestScore, bestEpoch) = (double.NegativeInfinity, 0);
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            network.train();
            network.Backbone.BeginEpoch(own, epoch);
            var loss = Epoch(rows, weights, random, optimiser, order, epoch);
            network.eval();
            var probabilities = network.Probabilities(held);
            if (validationOffsets is not null)
                probabilities = LogitShift.Apply(probabilities, validationOffsets);
            var score = Score(probabilities, validation, validationWeights, epoch);
            context.Progress?.Invoke(new(epoch, epochs, loss, score));
            if (score > bestScore)
            {
                (bestScore, bestEpoch) = (score, epoch);
                best.Take();
            }
            if (epoch - bestEpoch >= options.Patience || own.IsTimeUp)
                break;
        }
        best.Restore();
    }

    private double Epoch(
        TensorCohort rows,
        Tensor? weights,
        Generator random,
        optim.Optimizer optimiser,
        Random order,
        int epoch
    )
    {
        int[] shuffled = [.. Enumerable.Range(0, rows.Count)];
        order.Shuffle(shuffled);
        var batches = shuffled.Chunk(options.BatchSize).ToArray();
        var total = 0.0;
        for (var step = 0; step < batches.Length; step++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var batch = rows.Rows(batches[step], random, weights);
            var progress = (epoch - 1 + (double)step / batches.Length) / epochs;
            var loss = network.Loss(policy?.Apply(batch) ?? batch, progress);
            optimiser.zero_grad();
            loss.backward();
            nn.utils.clip_grad_norm_(network.parameters(), options.GradientNorm);
            optimiser.step();
            total += loss.item<float>();
        }
        // Native memory is invisible to the collector: without this a run grows by hundreds of megabytes.
        GC.Collect(1, GCCollectionMode.Forced, blocking: true);
        return total / batches.Length;
    }

    private double Score(float[] probabilities, Cohort validation, double[]? weights, int epoch) =>
        options.Selection switch
        {
            SelectionRule.LastEpoch => epoch,
            SelectionRule.ValidationAuroc => Auroc.Compute(validation.Labels, probabilities),
            _ => -WeightedLogLoss(probabilities, validation.Labels, weights),
        };

    private static double WeightedLogLoss(
        float[] probabilities,
        ReadOnlySpan<float> labels,
        double[]? weights
    )
    {
        var (sum, total) = (0.0, 0.0);
        for (var i = 0; i < probabilities.Length; i++)
        {
            var weight = weights?[i] ?? 1;
            var p = Math.Clamp(labels[i] > 0.5f ? probabilities[i] : 1 - probabilities[i], 1e-7, 1);
            sum -= weight * Math.Log(p);
            total += weight;
        }
        return sum / total;
    }
}
