namespace CausalDebiasing.Debiasing;

/// <summary>What a prediction does with what the missingness pattern told of the outcome in training.</summary>
public enum PatternUse
{
    /// <summary>Leaves it out: the prediction under do(pattern), whatever the deployment.</summary>
    Interventional,

    /// <summary>
    /// Keeps it unless the patients of the deployment, taken together and without outcomes, relate risk (or values) and pattern less
    /// as in training than as under do(pattern) (see <see cref="PatternShift"/>), which is decided once, by
    /// <see cref="DebiasedPredictor.DeployTo"/>; fewer than <see cref="PatternShift.LeastPatients"/> cannot
    /// show it. Before that the rows predicted together are judged likewise, for themselves.
    /// </summary>
    KeptAsInTraining,
}
