using CausalDebiasing.Cohorts;
using CausalDebiasing.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Thins the modalities of training batches and takes out what the patterns that result, and the confounder score,
/// tell of the outcome: by weights, or by an offset of the logit.
/// </summary>
internal sealed class AdjustedBatches(
    Cohort train,
    Thinning thinning,
    PatternOffset? patternOffset,
    bool asOffset,
    float[]? trainOffsets,
    float[]? validationOffsets
) : IBatchPolicy
{
    private readonly float[]? parts = patternOffset?.Parts(train);

    /// <inheritdoc/>
    public Batch Apply(Batch batch)
    {
        if (thinning.IsActive)
            batch = batch.Hide(thinning.Apply(batch.Mask, batch.Random!));
        if (trainOffsets is not null)
            batch = batch with { Offsets = tensor([.. batch.Rows.Select(row => trainOffsets[row])]) };
        if (patternOffset is null)
            return batch;
        var offsets = batch.Rows.Select((row, i) => patternOffset.Of(parts!, row, batch.Patterns[i]));
        return asOffset ? Offset(batch, offsets) : Weigh(batch, offsets);
    }

    /// <inheritdoc/>
    public double[] ValidationWeights(Cohort validation) =>
        patternOffset is null || asOffset
            ? [.. Enumerable.Repeat(1.0, validation.Count)]
            : [.. patternOffset.Weights(validation).Select(weight => (double)weight)];

    /// <inheritdoc/>
    public double[] ValidationOffsets(Cohort validation)
    {
        double[] own =
            patternOffset is null || !asOffset ? new double[validation.Count] : patternOffset.Of(validation);
        return [.. own.Select((offset, row) => offset + (validationOffsets?[row] ?? 0))];
    }

    private static Batch Offset(Batch batch, IEnumerable<double> pattern)
    {
        var offsets = tensor([.. pattern.Select(offset => (float)offset)]);
        return batch with { Offsets = batch.Offsets is { } given ? given + offsets : offsets };
    }

    private Batch Weigh(Batch batch, IEnumerable<double> pattern)
    {
        var weights = tensor([
            .. pattern.Select(
                (offset, i) => (float)patternOffset!.Weight(offset, train.Labels[batch.Rows[i]] > 0)
            ),
        ]);
        return batch with { Weights = batch.Weights is { } given ? given * weights : weights };
    }
}
