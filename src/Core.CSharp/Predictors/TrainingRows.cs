using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;
using static TorchSharp.torch;

namespace CausalDebiasing.Predictors;

/// <summary>The training rows as batches, for what a backbone does outside the common training loop.</summary>
public sealed class TrainingRows
{
    private readonly TensorCohort rows;
    private readonly Seed seed;
    private readonly CancellationToken cancellation;
    private int pass;

    internal TrainingRows(TensorCohort rows, Seed seed, CancellationToken cancellation)
    {
        this.rows = rows;
        this.seed = seed;
        this.cancellation = cancellation;
    }

    /// <summary>Number of training rows.</summary>
    public int Count => rows.Count;

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
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            step(rows.Rows(chunk, random));
        }
    }
}
