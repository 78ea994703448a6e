using CausalDebiasing.Cohorts;
using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Baselines.Shared;

/// <summary>A learner of one vector per patient as a predictor; subclasses give the vectors and the learner.</summary>
public abstract class FlatPredictor(string name, Hyperparameters hyperparameters) : IPredictor
{
    /// <summary>Those of the training rows; null before a fit or load.</summary>
    private Modality[]? modalities;

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public bool HonoursOffsets => true;

    /// <inheritdoc/>
    public BaselineRecipe? Recipe => Hyperparameters.Recipe;

    /// <summary>What the predictor was made with.</summary>
    protected Hyperparameters Hyperparameters { get; } = hyperparameters;

    /// <inheritdoc/>
    public void Fit(Cohort train, Cohort validation, FitContext context)
    {
        FitChecks.Require(train, validation, context, HonoursOffsets);
        context.Cancellation.ThrowIfCancellationRequested();
        Prepare(train, context);
        Learn(
            new(
                Features(train),
                train.Labels.ToArray(),
                [.. context.SampleWeights ?? Repeated(1, train.Count)],
                [.. context.Offsets ?? Repeated(0, train.Count)]
            ),
            context
        );
        modalities = [.. train.Modalities];
    }

    /// <inheritdoc/>
    public float[] PredictProbability(Cohort cohort)
    {
        FitChecks.RequireSchema(FitChecks.RequireFitted(modalities, Name), cohort);
        return Probabilities(Features(cohort));
    }

    /// <inheritdoc/>
    public void Save(Stream destination)
    {
        var own = FitChecks.RequireFitted(modalities, Name);
        SealedContent.Write(
            destination,
            Kind,
            Version,
            $"'{Name}'",
            writer =>
            {
                writer.WriteJson(own);
                Write(writer);
            }
        );
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">The stream does not hold a model of this kind, is cut short or damaged.</exception>
    public void Load(Stream source) =>
        modalities = SealedContent.Read(
            source,
            Kind,
            Version,
            $"The checkpoint of '{Name}'",
            reader =>
            {
                var own = reader.ReadJson<Modality[]>();
                Read(reader);
                return own;
            }
        );

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget();
        modalities = null;
        GC.SuppressFinalize(this);
    }

    private const int Version = 3;

    private string Kind => $"causaldebias-{Name}";

    /// <summary>Learns whatever the vectors need, from the training rows.</summary>
    protected virtual void Prepare(Cohort train, FitContext context) { }

    /// <summary>One vector per patient, all of the same length.</summary>
    protected abstract float[][] Features(Cohort cohort);

    /// <summary>Learns P(y = 1) from the training rows, on one thread.</summary>
    protected abstract void Learn(FlatRows rows, FitContext context);

    /// <summary>P(y = 1) of every vector, offsets left out.</summary>
    protected abstract float[] Probabilities(float[][] features);

    /// <summary>Writes what was learned.</summary>
    /// <exception cref="NotFiniteNumberException">A number is not finite.</exception>
    protected abstract void Write(BinaryWriter writer);

    /// <summary>Reads what <see cref="Write"/> wrote; a checksum says that nothing is damaged.</summary>
    /// <exception cref="NotFiniteNumberException">A number is not finite.</exception>
    protected abstract void Read(BinaryReader reader);

    /// <summary>Frees what was learned.</summary>
    protected virtual void Forget() { }

    private static float[] Repeated(float value, int count) => [.. Enumerable.Repeat(value, count)];
}
