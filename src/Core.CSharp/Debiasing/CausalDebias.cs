using CausalDebiasing.Debiasing;
using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;
using CausalDebiasing.Training;

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
    /// <exception cref="ArgumentNullException">There is no predictor.</exception>
    /// <exception cref="InputException">It would not be applied as asked, for the reason that <see cref="Refusal"/> gives.</exception>
    public static DebiasedPredictor Wrap(IPredictor predictor, DebiasOptions? options = null)
    {
        var chosen = options ?? DebiasOptions.Recommended;
        return Refusal(predictor, chosen) is { } reason
            ? throw new InputException(reason)
            : new(predictor, chosen);
    }

    /// <summary>
    /// Why <see cref="Wrap"/> would refuse, in one line with what to do; null where it would not. An option is out of range or
    /// would not be applied beside the others, only a neural network could honour it
    /// (<see cref="DebiasOptions.NeedsRepresentation"/>) and this is none, it would change nothing
    /// (<see cref="IPredictor.ReadsPattern"/>), or the predictor is wrapped already.
    /// </summary>
    /// <param name="predictor">As for <see cref="Wrap"/>.</param>
    /// <param name="options"><see cref="DebiasOptions.Recommended"/> when null.</param>
    /// <exception cref="ArgumentNullException">There is no predictor.</exception>
    public static string? Refusal(IPredictor predictor, DebiasOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        var chosen = options ?? DebiasOptions.Recommended;
        if (predictor is DebiasedPredictor)
            return $"'{predictor.Name}' is wrapped already; wrap the predictor inside, with all options at once.";
        if (chosen.Mistakes().FirstOrDefault() is { } mistake)
            return mistake;
        if (predictor is NeuralPredictor or NeuralComposite)
            return null;
        if (chosen.OnlyForNetworks is { } option)
            return $"'{predictor.Name}' has no representation and no epochs, on which {option} acts; wrap a neural network, or leave {option} out.";
        if (chosen.Adjustment != PatternAdjustment.None && predictor.ReadsPattern)
            return $"'{predictor.Name}' reads the missingness pattern off its inputs, so that {nameof(DebiasOptions.Adjustment)} would change nothing; leave it out, or set {nameof(DebiasOptions.Weighting)} {RowWeighting.LogitAdjustment}.";
        return null;
    }
}
