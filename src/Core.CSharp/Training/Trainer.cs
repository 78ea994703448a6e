using System.Diagnostics;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
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
    /// <summary>A network has learnt when its log loss is this share below that of the offsets alone.</summary>
    private const double LeastGain = 0.01;

    /// <summary>Batches that are gathered, thinned and adjusted together: what bounds the memory that it takes.</summary>
    private const int BlockBatches = 64;

    /// <summary>
    /// Steps between two collections: native memory is invisible to the collector, and without them a run grows by hundreds
    /// of megabytes.
    /// </summary>
    private const int CollectionSteps = 200;

    private readonly int epochs = Math.Min(options.Epochs, context.MostEpochs ?? options.Epochs);
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private int stepsTaken;

    /// <remarks>
    /// Offsets that predict well leave a network little to start from: some then never leave their initial plateau or lose
    /// all their units. Where that happens the network starts again without the offsets, which come in as soon as it
    /// has learnt more than they tell.
    /// </remarks>
    internal void Run(Cohort train, Cohort validation)
    {
        using var rows = new TensorCohort(train, forTraining: true);
        using var held = new TensorCohort(validation, forTraining: false);
        using var weights = context.SampleWeights is { } given ? tensor(given.ToArray()) : null;
        using var known = context.Offsets is { } parts ? tensor(parts.ToArray()) : null;
        using var random = context.Seed.Derive("batches").ToGenerator();
        var own = new TrainingRows(rows, context, clock);
        network.train();
        network.Backbone.Pretrain(own);
        var offsets =
            policy?.ValidationOffsets(validation)
            ?? context.ValidationOffsets?.Select(part => (double)part).ToArray();
        var score = new ValidationScore(validation, policy?.ValidationWeights(validation), offsets);
        var learnt = (1 - LeastGain) * score.LogLossWithoutNetwork(train.Prevalence);
        var order = new Random(context.Seed.Derive("order").ToInt32());
        var pass = new Pass(rows, held, weights, known, random, order, own, score, learnt);
        using var start = new Snapshot(network);
        using var best = new Snapshot(network);
        var hasOffsets = offsets is not null && offsets.Any(offset => offset != 0);
        var first = Fit(pass, best, withOffsets: true, isLast: !hasOffsets);
        if (hasOffsets && first > learnt && !own.IsTimeUp)
        {
            start.Restore();
            Fit(pass, best, withOffsets: false, isLast: true);
        }
        best.Restore();
    }

    /// <summary>
    /// Trains until the patience ends and keeps the best epoch; gives that epoch's log loss. Where offsets are left out at
    /// first, they come in once the network has learnt, and no earlier epoch is kept. The patience of the last
    /// attempt does not end while nothing has been learnt.
    /// </summary>
    private double Fit(Pass pass, Snapshot best, bool withOffsets, bool isLast)
    {
        using var optimiser = new FlatAdam(network.parameters(), options);
        var (bestScore, bestEpoch, bestLoss) = (double.NegativeInfinity, 0, double.PositiveInfinity);
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            network.train();
            network.Backbone.BeginEpoch(pass.Own, epoch);
            var loss = Epoch(pass, optimiser, epoch, withOffsets);
            network.eval();
            var probabilities = network.Probabilities(pass.Held);
            if (withOffsets)
                probabilities = pass.Score.WithOffsets(probabilities);
            var selection = pass.Score.Of(probabilities, options.Selection, epoch);
            context.Progress?.Invoke(new(epoch, epochs, loss, selection));
            if (!withOffsets)
            {
                withOffsets = pass.Score.LogLoss(probabilities) < pass.Learnt;
                bestEpoch = epoch;
            }
            else if (selection > bestScore)
            {
                (bestScore, bestEpoch, bestLoss) = (selection, epoch, pass.Score.LogLoss(probabilities));
                best.Take();
            }
            var isPatient = epoch - bestEpoch < options.Patience || isLast && bestLoss > pass.Learnt;
            if (!isPatient || pass.Own.IsTimeUp)
                break;
        }
        return bestLoss;
    }

    private double Epoch(Pass pass, FlatAdam optimiser, int epoch, bool withOffsets)
    {
        int[] shuffled = [.. Enumerable.Range(0, pass.Rows.Count)];
        pass.Order.Shuffle(shuffled);
        var (step, steps) = (0, (shuffled.Length + options.BatchSize - 1) / options.BatchSize);
        var total = 0.0;
        foreach (var block in shuffled.Chunk(BlockBatches * options.BatchSize))
        {
            using var gathered = NewDisposeScope();
            var rows = Gather(pass, block, withOffsets);
            foreach (var batch in rows.Split(options.BatchSize))
            {
                context.Cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var loss = network.Loss(batch, (epoch - 1 + (double)step++ / steps) / epochs);
                loss.backward();
                optimiser.Step();
                total += loss.item<float>();
                if (++stepsTaken % CollectionSteps == 0)
                    GC.Collect(1, GCCollectionMode.Forced, blocking: true);
            }
        }
        return total / steps;
    }

    /// <summary>Rows as the network sees them, gathered for many steps at once.</summary>
    private Batch Gather(Pass pass, int[] block, bool withOffsets)
    {
        var rows = pass.Rows.Rows(block, pass.Random, pass.Weights);
        rows = policy?.Apply(rows) ?? rows;
        if (!withOffsets)
            return rows with { Offsets = null };
        return pass.Offsets is null
            ? rows
            : rows with
            {
                Offsets = pass.Offsets.index_select(0, tensor([.. block.Select(row => (long)row)])),
            };
    }

    /// <summary>What every epoch needs besides its number.</summary>
    private sealed record Pass(
        TensorCohort Rows,
        TensorCohort Held,
        Tensor? Weights,
        Tensor? Offsets,
        Generator Random,
        Random Order,
        TrainingRows Own,
        ValidationScore Score,
        double Learnt
    );
}
