namespace CausalDebiasing.Debiasing;

/// <summary>What a prediction does with what the missingness pattern told of the outcome in training.</summary>
public enum PatternUse
{
    /// <summary>Leaves it out: the prediction under do(pattern), whatever the deployment.</summary>
    Interventional,

    /// <summary>
    /// Decides by whether the patients of the deployment, taken together and without outcomes, relate risk (or values) and pattern
    /// more as in training than as under do(pattern) (see <see cref="PatternShift"/>); fewer than
    /// <see cref="PatternShift.LeastPatients"/> show nothing. For a predictor that reads the pattern without the add-on (neural networks,
    /// and <see cref="Predictors.IPredictor.ReadsPattern"/>) it is kept unless they show that it has changed; for any other, to which
    /// it would be a risk that the add-on alone brings, it is left out unless they show that it has not. That is decided once, by
    /// <see cref="DebiasedPredictor.DeployTo"/>; before that the rows predicted together are judged likewise, for themselves.
    /// </summary>
    KeptAsInTraining,
}
