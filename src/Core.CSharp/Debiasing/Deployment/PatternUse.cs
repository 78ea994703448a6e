namespace CausalDebiasing.Debiasing;

/// <summary>What a prediction does with what the missingness pattern told of the outcome in training.</summary>
public enum PatternUse
{
    /// <summary>Leaves it out: the prediction under do(pattern), whatever the deployment.</summary>
    Interventional,

    /// <summary>
    /// Keeps it where among the patients of the deployment, taken together and without outcomes, risk and pattern relate more
    /// as in training than as under do(pattern) (see <see cref="PatternShift"/>), which is decided once, by
    /// <see cref="DebiasedPredictor.DeployTo"/>; else as <see cref="Interventional"/>. Before that
    /// the rows predicted together are judged likewise, for themselves.
    /// </summary>
    KeptAsInTraining,
}
