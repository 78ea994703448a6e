using System.Diagnostics;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;
using static TorchSharp.torch;

namespace CausalDebiasing.Networks;

/// <summary>The training rows as batches, for what a backbone does outside the common training loop.</summary>
public sealed class TrainingRows
{
    private readonly TensorCohort rows;
    private readonly Seed seed;
    private readonly FitContext context;
    private readonly Stopwatch clock;
    private int pass;

    internal TrainingRows(TensorCohort rows, FitContext context, Stopwatch clock)
    {
        this.rows = rows;
        this.context = context;
        this.clock = clock;
        seed = context.Seed.Derive("backbone");
    }

    /// <summary>Number of training rows.</summary>
    public int Count => rows.Count;

    /// <summary>Whether the fit's time budget is used up: pre-training should then stop at the end of its epoch.</summary>
    public bool IsTimeUp => clock.Elapsed > context.TimeBudget;

    /// <summary>One pass in a new random order; every batch has labels, sites and a generator, and its own dispose scope.</summary>
    /// <param name="batchSize">Rows per batch; the last may have fewer.</param>
    /// <param name="step">What to do with a batch; move what must outlive it to the outer dispose scope.</param>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public void ForEach(int batchSize, Action<Batch> step)
    {
        var own = seed.Derive("pass", pass++);
        using var random = own.ToGenerator();
        int[] order = [.. Enumerable.Range(0, rows.Count)];
        new Random(own.Derive("order").ToInt32()).Shuffle(order);
        foreach (var chunk in order.Chunk(batchSize))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            step(rows.Rows(chunk, random));
        }
    }
}
