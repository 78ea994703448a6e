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
    /// <exception cref="InputException">
    /// An option is out of range or would not be applied beside the others, only a neural network could honour the options
    /// (<see cref="DebiasOptions.NeedsRepresentation"/>) and this is none, or the predictor is wrapped already.
    /// </exception>
    public static DebiasedPredictor Wrap(IPredictor predictor, DebiasOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        var chosen = options ?? DebiasOptions.Recommended;
        if (predictor is DebiasedPredictor)
            throw new InputException(
                $"'{predictor.Name}' is wrapped already; wrap the predictor inside, with all options at once."
            );
        if (chosen.Mistakes().FirstOrDefault() is { } mistake)
            throw new InputException(mistake);
        if (chosen.OnlyForNetworks is { } option && predictor is not (NeuralPredictor or NeuralComposite))
            throw new InputException(
                $"'{predictor.Name}' has no representation and no epochs, on which {option} acts; wrap a neural network, or leave {option} out."
            );
        return new(predictor, chosen);
    }
}
