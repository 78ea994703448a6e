using CausalDebiasing.Cohorts;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>The loss of a training batch from groups of its rows.</summary>
internal interface IGroupLoss
{
    /// <summary>A scalar; a group's risk is the weighted mean cross-entropy of its rows.</summary>
    /// <param name="features">[N, d].</param>
    /// <param name="logit">[N].</param>
    /// <param name="batch">The rows, with labels and sites.</param>
    /// <param name="progress">Share of the training steps already taken, in [0, 1).</param>
    Tensor Loss(Tensor features, Tensor logit, Batch batch, double progress);
}
