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
    Thinning thinning,
    LabelBalance? balance,
    bool asOffset,
    float[]? trainOffsets,
    float[]? validationOffsets
) : IBatchPolicy
{
    /// <inheritdoc/>
    public Batch Apply(Batch batch)
    {
        if (thinning.IsActive)
            batch = batch.Hide(thinning.Apply(batch.Mask, batch.Random!));
        if (trainOffsets is not null)
            batch = batch with { Offsets = tensor([.. batch.Rows.Select(row => trainOffsets[row])]) };
        if (balance is null)
            return batch;
        return asOffset ? Offset(batch, balance) : Weigh(batch, balance);
    }

    /// <inheritdoc/>
    public double[] ValidationWeights(Cohort validation) =>
        [
            .. Rows(validation)
                .Select(row =>
                    balance is null || asOffset
                        ? 1
                        : balance.Weight(validation.Pattern(row), validation.Labels[row] > 0)
                ),
        ];

    /// <inheritdoc/>
    public double[] ValidationOffsets(Cohort validation) =>
        [
            .. Rows(validation)
                .Select(row =>
                    (validationOffsets?[row] ?? 0)
                    + (balance is not null && asOffset ? balance.LogOdds(validation.Pattern(row)) : 0)
                ),
        ];

    private static IEnumerable<int> Rows(Cohort cohort) => Enumerable.Range(0, cohort.Count);

    private static Batch Offset(Batch batch, LabelBalance balance)
    {
        var offsets = tensor([.. batch.Patterns.Select(pattern => (float)balance.LogOdds(pattern))]);
        return batch with { Offsets = batch.Offsets is { } given ? given + offsets : offsets };
    }

    private static Batch Weigh(Batch batch, LabelBalance balance)
    {
        var labels = batch.Labels!.data<float>().ToArray();
        var weights = tensor([
            .. batch.Patterns.Select((pattern, i) => (float)balance.Weight(pattern, labels[i] > 0)),
        ]);
        return batch with { Weights = batch.Weights is { } given ? given * weights : weights };
    }
}
