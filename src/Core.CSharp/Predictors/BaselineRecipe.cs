namespace CausalDebiasing.Predictors;

/// <summary>How a predictor that <see cref="Predictors.Baseline.Create"/> made is made again, not fitted.</summary>
/// <param name="Baseline">The baseline's identifier.</param>
/// <param name="Version">Its <see cref="BaselineAttribute.Version"/>.</param>
/// <param name="Hyperparameters">The value of every hyper-parameter that it declares.</param>
public sealed record BaselineRecipe(
    string Baseline,
    int Version,
    IReadOnlyDictionary<string, double> Hyperparameters
);
