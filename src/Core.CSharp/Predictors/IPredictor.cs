using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Predictors;

/// <summary>
/// Anything that learns P(y = 1 | observed modalities) from one cohort and states it for another: a neural
/// network, boosted trees, a logistic regression, or one of these wrapped by <see cref="CausalDebias.Wrap"/>.
/// </summary>
/// <remarks>
/// Implementations draw all randomness from <see cref="FitContext.Seed"/>, honour
/// <see cref="FitContext.SampleWeights"/> and <see cref="FitContext.Cancellation"/>, and never read labels or
/// sites in <see cref="PredictProbability"/>. <see cref="Fit"/> and <see cref="Load"/> are all or nothing: where they fail or are
/// cancelled, what was fitted before stays, and predicts as before.
/// </remarks>
public interface IPredictor : IDisposable
{
    /// <summary>Identifies the predictor in tables, for example <c>zero-fill-mlp</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Whether <see cref="FitContext.Offsets"/> are honoured; a predictor for which this is false refuses them
    /// (<see cref="FitChecks.Require"/>), and the add-on gives it row weights instead.
    /// </summary>
    bool HonoursOffsets => false;

    /// <summary>
    /// Whether it is no neural network and reads the missingness pattern off its inputs, as trees do to which missing values are
    /// given as missing. The pattern as one more input, over which <see cref="DebiasOptions.Adjustment"/> averages, then
    /// changes nothing, and <see cref="CausalDebias.Wrap"/> refuses that option.
    /// </summary>
    bool ReadsPattern => false;

    /// <summary>
    /// How to make it again, which <see cref="Checkpoint"/> stores: that of the hyper-parameters which a baseline is given
    /// (<see cref="Hyperparameters.Recipe"/>); null for a predictor that no catalogue can make.
    /// </summary>
    BaselineRecipe? Recipe => null;

    /// <summary>Learns from <paramref name="train"/>; <paramref name="validation"/> is for model selection only.</summary>
    /// <param name="train">Rows of both outcomes in which every modality is observed somewhere.</param>
    /// <param name="validation">At least one row, with the same modalities.</param>
    /// <param name="context">Seed, weights, limits.</param>
    /// <exception cref="Runtime.InputException">The rows or the context are not usable: see <see cref="FitChecks.Require"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    void Fit(Cohort train, Cohort validation, FitContext context);

    /// <summary>P(y = 1) for each row, [n], in [0, 1].</summary>
    /// <param name="cohort">n rows with the modalities of the training rows, in the same order.</param>
    /// <exception cref="InvalidOperationException">The predictor has not been fitted or loaded.</exception>
    /// <exception cref="Runtime.InputException">The modalities are others (<see cref="FitChecks.RequireSchema"/>).</exception>
    float[] PredictProbability(Cohort cohort);

    /// <summary>Writes all that <see cref="PredictProbability"/> needs (see <see cref="SealedContent"/>).</summary>
    /// <exception cref="InvalidOperationException">The predictor has not been fitted or loaded.</exception>
    void Save(Stream destination);

    /// <summary>Restores what <see cref="Save"/> wrote, into a predictor that was constructed the same way.</summary>
    /// <exception cref="Runtime.InputException">The stream holds something else, or is damaged or cut short.</exception>
    void Load(Stream source);
}
