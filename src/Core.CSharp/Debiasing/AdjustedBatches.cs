using CausalDebiasing.Cohorts;
using CausalDebiasing.Training;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Thins the modalities of training batches and takes out what the patterns that result, and hidden practice, tell of the
/// outcome: by an offset of the logit, or by weights.
/// </summary>
internal sealed class AdjustedBatches(PatternThinning thinning, KnownLogit known, OffsetParts parts)
    : IBatchPolicy
{
    /// <inheritdoc/>
    public Batch Apply(Batch batch)
    {
        if (thinning.IsActive)
            batch = batch.Hide(thinning.Apply(batch.Mask, batch.Random!));
        if (known.Offsets(batch.Rows, batch.Patterns, parts) is { } offsets)
            batch = batch with { Offsets = tensor(offsets) };
        if (!known.HasWeights(parts))
            return batch;
        var weights = tensor(known.Weights(batch.Rows, batch.Patterns, parts));
        return batch with { Weights = batch.Weights is { } given ? given * weights : weights };
    }

    /// <inheritdoc/>
    public double[] ValidationWeights(Cohort validation) => known.ValidationWeights(parts);

    /// <inheritdoc/>
    public double[] ValidationOffsets(Cohort validation) =>
        [.. (known.OfValidation(parts) ?? new float[validation.Count]).Select(offset => (double)offset)];
}
