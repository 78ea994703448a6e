using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Predictors;

/// <summary>What a fit is given besides data. Its lists are read while the fit runs, not copied.</summary>
public sealed record FitContext
{
    /// <summary>The source of all randomness of the fit.</summary>
    public Seed Seed { get; init; } = new(0);

    /// <summary>One non-negative weight per training row, or null for equal weights.</summary>
    public IReadOnlyList<float>? SampleWeights { get; init; }

    /// <summary>
    /// One non-negative weight per validation row, or null for equal weights: for a method that learns from the validation
    /// rows' outcomes more than which epoch to keep. Set by the add-on so that under the weights missingness pattern and
    /// outcome are independent.
    /// </summary>
    public IReadOnlyList<float>? ValidationWeights { get; init; }

    /// <summary>
    /// One known part of the logit per training row, or null for none: the predictor learns what is to be added to it, and
    /// predictions leave it out. Only for predictors with <see cref="IPredictor.HonoursOffsets"/>.
    /// </summary>
    public IReadOnlyList<float>? Offsets { get; init; }

    /// <summary>
    /// The same per validation row, or null for none. Give both or neither: which epoch is kept depends on these.
    /// </summary>
    public IReadOnlyList<float>? ValidationOffsets { get; init; }

    /// <summary>
    /// How the predictor's inputs are scaled. What the add-on reads of the values for itself is always
    /// <see cref="InputScale.PowerTransformed"/>.
    /// </summary>
    public InputScale InputScale { get; init; }

    /// <summary>Called after every epoch (or other unit of progress, such as a round of boosting).</summary>
    public Action<EpochReport>? Progress { get; init; }

    /// <summary>
    /// Training stops cleanly, with the best model so far, once this much time has passed. It is looked at after every epoch
    /// or round of boosting, so that there is always a model; a predictor whose fit is one step is not cut short. What the
    /// add-on looks for before has at most half of it.
    /// </summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>Most epochs, where a trial needs fewer than the predictor's own number; null for no such limit.</summary>
    public int? MostEpochs { get; init; }

    /// <summary>
    /// Where fits on the same cohorts, with the same seed, keep what they can share (what the add-on finds in the rows is the
    /// same for every predictor); null to compute everything anew. The result is the same either way.
    /// </summary>
    public FitCache? Shared { get; init; }

    /// <summary>Ends the fit with <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>Progress of a fit.</summary>
/// <param name="Epoch">1-based.</param>
/// <param name="Epochs">The most there can be.</param>
/// <param name="TrainingLoss">Mean loss over the epoch's batches.</param>
/// <param name="Selection">The selection rule's score of this epoch; larger is better.</param>
public sealed record EpochReport(int Epoch, int Epochs, double TrainingLoss, double Selection);
