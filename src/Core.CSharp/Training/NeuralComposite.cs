using CausalDebiasing.Cohorts;
using CausalDebiasing.Predictors;

namespace CausalDebiasing.Training;

/// <summary>
/// A neural network with steps of the method's own around it, such as weights for its rows or a correction of its
/// probabilities. <see cref="CausalDebias.Wrap"/> debiases the network inside and leaves the steps in place.
/// </summary>
/// <param name="network">The network inside, not fitted; it is disposed of with the whole.</param>
public abstract class NeuralComposite(NeuralPredictor network) : IPredictor
{
    /// <summary>The network inside.</summary>
    public NeuralPredictor Network { get; } = network;

    /// <inheritdoc/>
    public string Name => Network.Name;

    /// <inheritdoc/>
    public BaselineRecipe? Recipe => Network.Recipe;

    /// <summary>The same steps, not fitted, around another network.</summary>
    /// <param name="other">The network with debiasing head and batches.</param>
    public abstract NeuralComposite Around(NeuralPredictor other);

    /// <inheritdoc/>
    public virtual void Fit(Cohort train, Cohort validation, FitContext context)
    {
        FitChecks.Require(train, validation, context);
        Network.Fit(train, validation, context);
    }

    /// <inheritdoc/>
    public virtual float[] PredictProbability(Cohort cohort) => Network.PredictProbability(cohort);

    /// <inheritdoc/>
    public virtual void Save(Stream destination) => Network.Save(destination);

    /// <inheritdoc/>
    public virtual void Load(Stream source) => Network.Load(source);

    /// <inheritdoc/>
    public void Dispose()
    {
        Network.Dispose();
        GC.SuppressFinalize(this);
    }
}
