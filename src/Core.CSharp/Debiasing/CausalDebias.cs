using CausalDebiasing.Debiasing;
using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;

namespace CausalDebiasing;

/// <summary>The add-on: makes a debiased predictor out of any predictor.</summary>
public static class CausalDebias
{
    /// <summary>
    /// Wraps a predictor. A <see cref="NeuralPredictor"/>, also one inside a <see cref="NeuralComposite"/>, is
    /// debiased at its representation, head and batches; any other that honours offsets or sample weights gets the
    /// offset, weighting and standardisation parts.
    /// </summary>
    /// <param name="predictor">Not fitted; of a neural network only the recipe is used, and it is left untouched.</param>
    /// <param name="options">What to do; <see cref="DebiasOptions.Recommended"/> when null.</param>
    /// <exception cref="InputException">
    /// An option is out of range, a group objective is combined with another head or loss, or only a neural network
    /// could honour the options (<see cref="DebiasOptions.NeedsRepresentation"/>) and this is none.
    /// </exception>
    public static DebiasedPredictor Wrap(IPredictor predictor, DebiasOptions? options = null)
    {
        var chosen = options ?? DebiasOptions.Recommended;
        if (chosen.ModalityDrop is not (>= 0 and < 1))
            throw new InputException(
                $"{nameof(DebiasOptions.ModalityDrop)} {chosen.ModalityDrop} is outside [0, 1); give a share such as 0.3."
            );
        if (!(chosen.ModalityDropSpread >= 0 && chosen.ModalityDrop + chosen.ModalityDropSpread <= 1))
            throw new InputException(
                $"{nameof(DebiasOptions.ModalityDropSpread)} {chosen.ModalityDropSpread} is negative or takes {nameof(DebiasOptions.ModalityDrop)} beyond 1; give one such as 0.25."
            );
        var needsBalance =
            chosen.Patterns == PatternUse.KeptAsInTraining ? nameof(DebiasOptions.Patterns)
            : chosen.Recalibrate ? nameof(DebiasOptions.Recalibrate)
            : null;
        if (
            needsBalance is not null
            && chosen.Weighting is not (RowWeighting.LabelBalance or RowWeighting.LogitAdjustment)
        )
            throw new InputException(
                $"{needsBalance} needs {nameof(DebiasOptions.Weighting)} {RowWeighting.LabelBalance} or {RowWeighting.LogitAdjustment}; set it, or leave {needsBalance} out."
            );
        if (chosen.SwapStart is not (>= 0 and <= 1))
            throw new InputException(
                $"{nameof(DebiasOptions.SwapStart)} {chosen.SwapStart} is outside [0, 1]; give a share of the training such as 0.05, or 1 for never."
            );
        if (
            (chosen.Practice != PracticeUse.None || chosen.Weighting == RowWeighting.LogitAdjustment)
            && (
                chosen.Branch != BranchMethod.None
                || chosen.Adjustment != PatternAdjustment.None
                || chosen.GroupObjective != GroupObjective.None
                || chosen.WideHead
            )
        )
            throw new InputException(
                $"{nameof(DebiasOptions.Practice)} and {nameof(RowWeighting.LogitAdjustment)} offset the logit of the plain head; leave out {nameof(DebiasOptions.Branch)}, {nameof(DebiasOptions.Adjustment)}, {nameof(DebiasOptions.GroupObjective)} and {nameof(DebiasOptions.WideHead)}."
            );
        if (
            chosen
            is { GroupObjective: not GroupObjective.None }
                and (
                    { Branch: not BranchMethod.None }
                    or { Adjustment: not PatternAdjustment.None }
                    or { WideHead: true }
                )
        )
            throw new InputException(
                $"{nameof(DebiasOptions.GroupObjective)} {chosen.GroupObjective} trains the plain head; leave out {nameof(DebiasOptions.Branch)}, {nameof(DebiasOptions.Adjustment)} and {nameof(DebiasOptions.WideHead)}."
            );
        if (chosen.NeedsRepresentation && predictor is not (NeuralPredictor or NeuralComposite))
            throw new InputException(
                $"'{predictor.Name}' has no representation, which group objectives, dual branches and wide heads act on; wrap a neural network, or choose weighting, adjustment or practice."
            );
        return new(predictor, chosen);
    }
}
