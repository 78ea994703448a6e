namespace CausalDebiasing.Debiasing;

/// <summary>What a prediction does with what the missingness pattern told of the outcome in training.</summary>
public enum PatternUse
{
    /// <summary>Leaves it out: the prediction under do(pattern), whatever the deployment.</summary>
    Interventional,

    /// <summary>
    /// Keeps it, unless the patients to predict for, taken together and without outcomes, contradict that risk and
    /// pattern relate among them as in training; then as <see cref="Interventional"/>.
    /// </summary>
    KeptUnlessShifted,
}
