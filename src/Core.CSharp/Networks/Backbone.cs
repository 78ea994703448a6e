using CausalDebiasing.Cohorts;
using static TorchSharp.torch;

namespace CausalDebiasing.Networks;

/// <summary>
/// A neural network up to its last hidden layer: turns the observed modalities of a batch into one feature
/// vector per patient. A head on top predicts; debiasing happens between the two, so any backbone can be wrapped.
/// </summary>
/// <remarks>
/// Constructors store sub-modules in fields, take their initial values from
/// <see cref="BackboneContext.Random"/> (use <see cref="Layers"/>), and call <c>RegisterComponents()</c> last.
/// </remarks>
/// <param name="name">What TorchSharp calls the module.</param>
public abstract class Backbone(string name) : nn.Module(name)
{
    /// <summary>Width d of the feature vector, at least 1 and the same for every batch.</summary>
    public abstract int Width { get; }

    /// <summary>Features [N, d] of a batch, and an auxiliary loss when the backbone has one of its own.</summary>
    /// <param name="batch">N rows; labels, sites and randomness are null when predicting.</param>
    public abstract Representation Represent(Batch batch);

    /// <summary>Called once before training, for self-supervised pre-training and the like; does nothing by default.</summary>
    /// <param name="rows">The training rows, whose <see cref="TrainingRows.IsTimeUp"/> says when to end.</param>
    public virtual void Pretrain(TrainingRows rows) { }

    /// <summary>Called before every epoch, for statistics that the epoch keeps fixed; does nothing by default.</summary>
    /// <param name="rows">The training rows.</param>
    /// <param name="epoch">1-based; 1 again when a wrapped network that learnt nothing starts a second time.</param>
    public virtual void BeginEpoch(TrainingRows rows, int epoch) { }
}
