using CausalDebiasing.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Cohorts;

/// <summary>Rows of a cohort as tensors, what a network sees in one step.</summary>
/// <remarks>
/// Tensors are handed on without copies, since a network sees thousands of batches: read them, and make another batch
/// (<c>with</c>, <see cref="Hide"/>) rather than change them. They belong to the dispose scope of the step.
/// </remarks>
public sealed record Batch
{
    /// <summary>
    /// Per modality: tabular [N, Width], series [N, Length, Width], codes [N, Length] (whole numbers as Float32);
    /// standardised and within +-10, zero where missing.
    /// </summary>
    public required IReadOnlyList<Tensor> Values { get; init; }

    /// <summary>[N, M] (Float32), 1 where the modality is observed and 0 elsewhere.</summary>
    public required Tensor Mask { get; init; }

    /// <summary>[N] missingness patterns as integers (see <see cref="MissingnessPattern"/>), in managed memory.</summary>
    public required IReadOnlyList<int> Patterns { get; init; }

    /// <summary>[N] outcomes, 0 or 1 (Float32); null when predicting.</summary>
    public Tensor? Labels { get; init; }

    /// <summary>[N] site indices (Int64); null when predicting.</summary>
    public Tensor? Sites { get; init; }

    /// <summary>[N] positions in the training set; empty when predicting.</summary>
    public IReadOnlyList<int> Rows { get; init; } = [];

    /// <summary>[N] non-negative loss weights; null for equal weights.</summary>
    public Tensor? Weights { get; init; }

    /// <summary>
    /// [N] known parts of the logit, as of a generalised linear model: the loss is taken at logit + offset, and
    /// predictions leave the offset out; null for none.
    /// </summary>
    public Tensor? Offsets { get; init; }

    /// <summary>Source of randomness for dropout and sampling; null when predicting.</summary>
    public Generator? Random { get; init; }

    /// <summary>Whether the network is being trained.</summary>
    public bool IsTraining => Random is not null;

    /// <summary>Number of rows N.</summary>
    public int Count => Patterns.Count;

    /// <summary>The same rows with some modalities hidden.</summary>
    /// <param name="mask">[N, M]; 1 only where <see cref="Mask"/> is 1.</param>
    public Batch Hide(Tensor mask)
    {
        var values = new Tensor[Values.Count];
        for (var m = 0; m < values.Length; m++)
        {
            var shape = new long[Values[m].dim()];
            Array.Fill(shape, 1);
            shape[0] = Count;
            values[m] = Values[m] * mask.select(1, m).view(shape);
        }
        return this with { Values = values, Mask = mask, Patterns = PatternsOf(mask) };
    }

    /// <summary>The rows in batches of rows that follow one another, as views.</summary>
    /// <param name="size">Rows per batch; the last may have fewer.</param>
    internal IEnumerable<Batch> Split(int size)
    {
        Tensor[][] values = [.. Values.Select(block => block.split(size))];
        var (mask, labels, sites) = (Mask.split(size), Labels?.split(size), Sites?.split(size));
        var (weights, offsets) = (Weights?.split(size), Offsets?.split(size));
        int[][] patterns = [.. Patterns.Chunk(size)];
        int[][] rows = [.. Rows.Chunk(size)];
        return Enumerable
            .Range(0, patterns.Length)
            .Select(i =>
                this with
                {
                    Values = [.. values.Select(block => block[i])],
                    Mask = mask[i],
                    Patterns = patterns[i].AsReadOnly(),
                    Labels = labels?[i],
                    Sites = sites?[i],
                    Weights = weights?[i],
                    Offsets = offsets?[i],
                    Rows = rows.Length == 0 ? [] : rows[i].AsReadOnly(),
                }
            );
    }

    /// <summary>The pattern of every row of a [N, M] mask.</summary>
    internal static int[] PatternsOf(Tensor mask)
    {
        var modalities = (int)mask.size(1);
        var flags = mask.Elements<float>();
        var patterns = new int[mask.size(0)];
        for (var i = 0; i < flags.Length; i++)
            if (flags[i] > 0.5f)
                patterns[i / modalities] |= 1 << i % modalities;
        return patterns;
    }
}
