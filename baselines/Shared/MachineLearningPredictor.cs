using CausalDebiasing.Cohorts;
using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CausalDebiasing.Baselines.Shared;

/// <summary>A binary classifier of Microsoft.ML as a predictor; subclasses give the features and the trainer.</summary>
public abstract class MachineLearningPredictor(string name) : IPredictor
{
    private ITransformer? model;
    private DataViewSchema? schema;

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <summary>Learns whatever the features need, from the training rows.</summary>
    protected abstract void Prepare(Cohort train);

    /// <summary>One vector per patient, all of the same length.</summary>
    protected abstract float[][] Features(Cohort cohort);

    /// <summary>Trains on one thread, with the column <c>Weight</c> as row weights.</summary>
    protected abstract ITransformer Train(MLContext context, IDataView rows, int seed);

    /// <inheritdoc/>
    public void Fit(Cohort train, Cohort validation, FitContext context)
    {
        FitChecks.Require(train, validation, context);
        context.Cancellation.ThrowIfCancellationRequested();
        Prepare(train);
        var seed = context.Seed.Derive("microsoft-ml").ToInt32();
        var learning = new MLContext(seed);
        var rows = View(learning, train, context.SampleWeights);
        schema = rows.Schema;
        model = Train(learning, rows, seed);
        context.Cancellation.ThrowIfCancellationRequested();
        context.Progress?.Invoke(new(1, 1, double.NaN, double.NaN));
    }

    /// <inheritdoc/>
    public float[] PredictProbability(Cohort cohort)
    {
        if (model is null)
            throw new InvalidOperationException($"'{Name}' has not been fitted; call Fit or Load first.");
        var context = new MLContext(0);
        return [.. model.Transform(View(context, cohort, null)).GetColumn<float>("Probability")];
    }

    /// <inheritdoc/>
    public void Save(Stream destination)
    {
        if (model is null)
            throw new InvalidOperationException($"'{Name}' has not been fitted; there is nothing to save.");
        using var buffer = new MemoryStream();
        new MLContext(0).Model.Save(model, schema, buffer);
        using var writer = new BinaryWriter(destination, System.Text.Encoding.UTF8, leaveOpen: true);
        SaveFeatures(writer);
        writer.Write((int)buffer.Length);
        writer.Write(buffer.ToArray());
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">The stream does not hold a model of this kind.</exception>
    public void Load(Stream source)
    {
        using var reader = new BinaryReader(source, System.Text.Encoding.UTF8, leaveOpen: true);
        try
        {
            LoadFeatures(reader);
            var bytes = reader.ReadBytes(reader.ReadInt32());
            model = new MLContext(0).Model.Load(new MemoryStream(bytes), out schema);
        }
        catch (Exception problem)
            when (problem
                    is IOException
                        or FormatException
                        or ArgumentException
                        or System.Text.Json.JsonException
            )
        {
            throw new InputException(
                $"The checkpoint does not hold a fitted '{Name}' or is cut short; save it again."
            );
        }
    }

    /// <inheritdoc/>
    public void Dispose() => GC.SuppressFinalize(this);

    /// <summary>Writes what <see cref="Prepare"/> learned.</summary>
    protected virtual void SaveFeatures(BinaryWriter writer) { }

    /// <summary>Reads what <see cref="SaveFeatures"/> wrote.</summary>
    protected virtual void LoadFeatures(BinaryReader reader) { }

    private IDataView View(MLContext context, Cohort cohort, float[]? weights)
    {
        var features = Features(cohort);
        var rows = features.Select(
            (vector, i) =>
                new Example
                {
                    Features = vector,
                    Label = cohort.Labels[i] > 0,
                    Weight = weights?[i] ?? 1,
                }
        );
        var definition = SchemaDefinition.Create(typeof(Example));
        definition[nameof(Example.Features)].ColumnType = new VectorDataViewType(
            NumberDataViewType.Single,
            features.Length == 0 ? 1 : features[0].Length
        );
        return context.Data.LoadFromEnumerable(rows.ToArray(), definition);
    }

    private sealed class Example
    {
        public float[] Features { get; set; } = [];
        public bool Label { get; set; }
        public float Weight { get; set; }
    }
}
