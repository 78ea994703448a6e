namespace CausalDebiasing.Debiasing;

/// <summary>
/// Least-squares slopes of what the pattern tells of the outcome on the risk that the values show. A deployment that treats
/// other patients, such as severe ones only, has the same slopes as long as it measures them as training did; those of
/// the risk on the pattern would shrink with the range of the risk.
/// </summary>
/// <param name="Alone">On the risk alone.</param>
/// <param name="Beside">Beside what the pattern tells of severity.</param>
/// <param name="Spread">Variance of the risk.</param>
internal readonly record struct PatternSlopes(double Alone, double Beside, double Spread);
