namespace CausalDebiasing.Debiasing;

/// <summary>What a prediction does with what the missingness pattern told of the outcome in training.</summary>
public enum PatternUse
{
    /// <summary>Leaves it out: the prediction under do(pattern), whatever the deployment.</summary>
    Interventional,

    /// <summary>
    /// Keeps it where the patients to predict for, taken together and without outcomes, confirm that risk and pattern
    /// relate among them as in training; else as <see cref="Interventional"/>.
    /// </summary>
    KeptWhereConfirmed,
}
