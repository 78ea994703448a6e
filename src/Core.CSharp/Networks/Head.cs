using CausalDebiasing.Cohorts;
using static TorchSharp.torch;

namespace CausalDebiasing.Networks;

/// <summary>The part of a network that turns a backbone's features into a probability and defines the training loss.</summary>
internal abstract class Head(string name) : nn.Module(name)
{
    /// <summary>The loss of a training batch, a scalar; honours <see cref="Batch.Weights"/>.</summary>
    /// <param name="features">[N, d] from the backbone.</param>
    /// <param name="batch">The rows, with labels.</param>
    /// <param name="progress">Share of the training steps already taken, in [0, 1).</param>
    public abstract Tensor Loss(Tensor features, Batch batch, double progress);

    /// <summary>P(y = 1) of each row, [N].</summary>
    public abstract Tensor Probability(Tensor features, Batch batch);

    /// <summary>Mean of per-row losses [N] under the batch's weights.</summary>
    protected static Tensor WeightedMean(Tensor losses, Batch batch) =>
        (batch.Weights is null ? losses : losses * batch.Weights).mean();
}
