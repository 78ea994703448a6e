using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;
using CausalDebiasing.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>Drops modalities from training batches and balances labels within the patterns that result.</summary>
internal sealed class AdjustedBatches(double drop, LabelBalance? balance) : IBatchPolicy
{
    /// <inheritdoc/>
    public Batch Apply(Batch batch)
    {
        var thinned = drop > 0 ? batch.Hide(ModalityDrop.Thin(batch.Mask, drop, batch.Random!)) : batch;
        if (balance is null)
            return thinned;
        var labels = thinned.Labels!.data<float>().ToArray();
        var weights = tensor([
            .. thinned.Patterns.Select((pattern, i) => (float)balance[pattern, labels[i] > 0]),
        ]);
        return thinned with { Weights = thinned.Weights is { } given ? given * weights : weights };
    }

    /// <inheritdoc/>
    public double[] ValidationWeights(Cohort validation) =>
        [
            .. Enumerable
                .Range(0, validation.Count)
                .Select(row => balance?[validation.Pattern(row), validation.Labels[row] > 0] ?? 1),
        ];
}
