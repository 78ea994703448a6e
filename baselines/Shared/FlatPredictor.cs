using CausalDebiasing.Cohorts;
using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Baselines.Shared;

/// <summary>A learner of one vector per patient as a predictor; subclasses give the vectors and the learner.</summary>
public abstract class FlatPredictor(string name, Hyperparameters hyperparameters) : IPredictor
{
    /// <summary>Null before a fit or load; what was there before stays until another is done.</summary>
    private Fitted? fitted;

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public bool HonoursOffsets => true;

    /// <inheritdoc/>
    public virtual bool ReadsPattern => false;

    /// <inheritdoc/>
    public BaselineRecipe? Recipe => Hyperparameters.Recipe;

    /// <summary>What the predictor was made with.</summary>
    protected Hyperparameters Hyperparameters { get; } = hyperparameters;

    /// <inheritdoc/>
    public void Fit(Cohort train, Cohort validation, FitContext context)
    {
        FitChecks.Require(train, validation, context, HonoursOffsets);
        context.Cancellation.ThrowIfCancellationRequested();
        Replace(new([.. train.Modalities], Learn(train, context)));
    }

    /// <inheritdoc/>
    public float[] PredictProbability(Cohort cohort)
    {
        var own = FitChecks.RequireFitted(fitted, Name);
        FitChecks.RequireSchema(own.Modalities, cohort);
        return own.Model.Probabilities(cohort);
    }

    /// <inheritdoc/>
    public void Save(Stream destination)
    {
        var own = FitChecks.RequireFitted(fitted, Name);
        SealedContent.Write(
            destination,
            Kind,
            Version,
            $"'{Name}'",
            writer =>
            {
                writer.WriteJson(own.Modalities);
                own.Model.Write(writer);
            }
        );
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">The stream does not hold a model of this kind, is cut short or damaged.</exception>
    public void Load(Stream source) =>
        Replace(
            SealedContent.Read(
                source,
                Kind,
                Version,
                $"The checkpoint of '{Name}'",
                reader => new Fitted(reader.ReadJson<Modality[]>(), Read(reader))
            )
        );

    /// <inheritdoc/>
    public void Dispose()
    {
        Replace(null);
        GC.SuppressFinalize(this);
    }

    private const int Version = 3;

    private string Kind => $"causaldebias-{Name}";

    /// <summary>Learns P(y = 1) from the training rows, on one thread.</summary>
    protected abstract IFlatModel Learn(Cohort train, FitContext context);

    /// <summary>Reads what <see cref="IFlatModel.Write"/> wrote; a checksum says that nothing is damaged.</summary>
    /// <exception cref="NotFiniteNumberException">A number is not finite.</exception>
    protected abstract IFlatModel Read(BinaryReader reader);

    /// <summary>Training rows with their weights and offsets.</summary>
    /// <param name="features">A vector per row of <paramref name="train"/>, all of the same length.</param>
    /// <param name="train">The rows.</param>
    /// <param name="context">Of the fit.</param>
    private protected static FlatRows Rows(float[][] features, Cohort train, FitContext context) =>
        new(
            features,
            train.Labels.ToArray(),
            [.. context.SampleWeights ?? Repeated(1, train.Count)],
            [.. context.Offsets ?? Repeated(0, train.Count)]
        );

    private void Replace(Fitted? other)
    {
        var earlier = fitted;
        fitted = other;
        earlier?.Model.Dispose();
    }

    private static float[] Repeated(float value, int count) => [.. Enumerable.Repeat(value, count)];

    private sealed record Fitted(Modality[] Modalities, IFlatModel Model);
}
