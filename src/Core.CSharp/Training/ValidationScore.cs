using CausalDebiasing.Cohorts;
using CausalDebiasing.Metrics;

namespace CausalDebiasing.Training;

/// <summary>How good an epoch's probabilities of the validation rows are.</summary>
/// <param name="validation">The rows.</param>
/// <param name="weights">One weight per row in the log loss, or null for equal weights.</param>
/// <param name="offsets">One known part of the logit per row, or null for none.</param>
internal sealed class ValidationScore(Cohort validation, double[]? weights, double[]? offsets)
{
    /// <summary>Probabilities of a network that was trained with offsets, with the rows' offsets added.</summary>
    internal float[] WithOffsets(float[] probabilities) =>
        offsets is null ? probabilities : LogitShift.Apply(probabilities, offsets);

    /// <summary>Weighted mean of the negative log likelihood.</summary>
    internal double LogLoss(float[] probabilities)
    {
        var labels = validation.Labels;
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

    /// <summary>The log loss of the prevalence with the offsets: what is known without a network.</summary>
    internal double LogLossWithoutNetwork(double prevalence) =>
        LogLoss(WithOffsets([.. Enumerable.Repeat((float)prevalence, validation.Count)]));

    /// <summary>What the selection rule makes of an epoch; larger is better.</summary>
    internal double Of(float[] probabilities, SelectionRule rule, int epoch) =>
        rule switch
        {
            SelectionRule.LastEpoch => epoch,
            SelectionRule.ValidationAuroc => Auroc.Compute(validation.Labels, probabilities),
            _ => -LogLoss(probabilities),
        };
}
