using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// GroupDRO (Sagawa et al. 2020, arXiv 1911.08731, algorithm 1): the risk under group weights that grow
/// exponentially with each group's loss, q_g *= exp(0.01 loss_g), normalised after every step. The weight of a
/// group that a batch lacks changes by the normalisation only.
/// </summary>
/// <param name="groups">Number of groups.</param>
/// <param name="groupOf">The group of every row of a batch.</param>
internal sealed class GroupDroLoss(int groups, Func<Batch, IEnumerable<int>> groupOf) : IGroupLoss
{
    private const double StepSize = 0.01;

    private readonly double[] weights = [.. Enumerable.Repeat(1.0 / groups, groups)];

    /// <summary>q; sums to 1.</summary>
    internal IReadOnlyList<double> Weights => weights;

    public Tensor Loss(Tensor features, Tensor logit, Batch batch, double progress)
    {
        var losses = Losses.BinaryCrossEntropy(logit, batch.Labels!);
        var risks = RowGroup
            .Of(groupOf(batch))
            .Select(group => (group.Group, Risk: group.Mean(losses, batch)))
            .ToArray();
        foreach (var (group, risk) in risks)
            weights[group] *= Math.Exp(StepSize * risk.ToDouble());
        var total = weights.Sum();
        for (var group = 0; group < weights.Length; group++)
            weights[group] /= total;
        return stack([.. risks.Select(pair => pair.Risk * weights[pair.Group])]).sum();
    }
}
