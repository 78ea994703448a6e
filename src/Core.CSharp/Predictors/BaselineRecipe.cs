namespace CausalDebiasing.Predictors;

/// <summary>How a predictor that a baseline of the catalogue made is made again, not fitted.</summary>
/// <param name="Baseline">The baseline's identifier.</param>
/// <param name="Version">That of the baseline.</param>
/// <param name="Hyperparameters">The value of every hyper-parameter that it declares.</param>
public sealed record BaselineRecipe(
    string Baseline,
    int Version,
    IReadOnlyDictionary<string, double> Hyperparameters
);
