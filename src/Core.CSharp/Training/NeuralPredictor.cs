using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Training;

/// <summary>A backbone with a head, a training loop and standardised inputs: a neural network as a predictor.</summary>
/// <param name="name">Identifies the predictor in tables.</param>
/// <param name="backbone">Makes the untrained backbone.</param>
/// <param name="training">How to train, or null for the defaults.</param>
/// <param name="hyperparameters">What the backbone finds in its context, or null for none.</param>
/// <exception cref="InputException">A number of the training options is outside its range.</exception>
public sealed class NeuralPredictor(
    string name,
    Func<BackboneContext, Backbone> backbone,
    TrainingOptions? training = null,
    Hyperparameters? hyperparameters = null
) : IPredictor
{
    private readonly TrainingOptions training = (training ?? new()).Checked();
    private readonly Hyperparameters hyperparameters = hyperparameters ?? new([]);
    private Func<HeadContext, Head> head = context => new PlainHead(context);
    private Func<Cohort, Seed, IBatchPolicy?> policy = (_, _) => null;
    private Fitted? fitted;

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    /// <remarks>Not inside the add-on, whose heads and batches have offsets of their own.</remarks>
    public bool HonoursOffsets { get; private init; } = true;

    /// <inheritdoc/>
    /// <remarks>None inside the add-on: the whole is stored.</remarks>
    public BaselineRecipe? Recipe { get; private init; } = hyperparameters?.Recipe;

    /// <summary>Number of trainable parameters; 0 before a fit or load.</summary>
    public long ParameterCount => fitted is null ? 0 : Count(fitted.Network);

    /// <summary>Number of trainable parameters of an untrained network on these modalities, of which patients have all.</summary>
    /// <param name="modalities">At least one.</param>
    public long CountParameters(IReadOnlyList<Modality> modalities)
    {
        TorchRuntime.EnsureLoadable();
        var complete = new PatternTable([(1 << modalities.Count) - 1], [1]);
        using var untrained = Build(new(Name, [.. modalities], new(), complete, 1, 1, 0.5), new Seed(0));
        return Count(untrained);
    }

    /// <summary>The same network with another head, treatment of batches and way of training, not fitted.</summary>
    internal NeuralPredictor With(
        Func<HeadContext, Head> newHead,
        Func<Cohort, Seed, IBatchPolicy?> newPolicy,
        Func<TrainingOptions, TrainingOptions> newTraining
    ) =>
        new(Name, backbone, newTraining(training), hyperparameters)
        {
            head = newHead,
            policy = newPolicy,
            HonoursOffsets = false,
            Recipe = null,
        };

    /// <inheritdoc/>
    public void Fit(Cohort train, Cohort validation, FitContext context)
    {
        FitChecks.Require(train, validation, context, HonoursOffsets);
        TorchRuntime.EnsureLoadable();
        var header = new Header(
            Name,
            [.. train.Modalities],
            Standardiser.Fit(train, context.InputScale),
            PatternTable.Fit(train),
            train.Count,
            train.SiteNames.Count,
            train.Prevalence
        );
        Replace(
            header,
            context.Seed.Derive("initialisation"),
            network =>
                new Trainer(network, training, context, policy(train, context.Seed.Derive("policy"))).Run(
                    header.Standardiser.Apply(train),
                    header.Standardiser.Apply(validation)
                )
        );
    }

    /// <inheritdoc/>
    public float[] PredictProbability(Cohort cohort)
    {
        var (header, network) = FitChecks.RequireFitted(fitted, Name);
        FitChecks.RequireSchema(header.Modalities, cohort);
        TorchRuntime.EnsureLoadable();
        network.eval();
        using var rows = new TensorCohort(header.Standardiser.Apply(cohort), forTraining: false);
        return network.Probabilities(rows);
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">A weight is not finite.</exception>
    public void Save(Stream destination)
    {
        var (header, network) = FitChecks.RequireFitted(fitted, Name);
        SealedContent.Write(
            destination,
            Kind,
            Version,
            $"'{Name}'",
            writer =>
            {
                StoredValues.RequireFinite(network);
                writer.WriteJson(header);
                network.save(writer);
            }
        );
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">The stream does not hold a network of this name and shape, or a weight is not finite.</exception>
    public void Load(Stream source)
    {
        TorchRuntime.EnsureLoadable();
        SealedContent.Read(
            source,
            Kind,
            Version,
            $"The checkpoint of '{Name}'",
            reader =>
            {
                var header = reader.ReadJson<Header>();
                if (header.Name != Name)
                    throw new InputException(
                        $"The checkpoint of '{Name}' holds the network '{header.Name}': load it into a predictor of that name."
                    );
                Replace(
                    header,
                    new Seed(0),
                    network =>
                    {
                        network.load(reader);
                        StoredValues.RequireFinite(network);
                    }
                );
                return header;
            }
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        fitted?.Network.Dispose();
        fitted = null;
    }

    /// <summary>Takes a new network once it is complete: what was fitted before stays until then.</summary>
    private void Replace(Header header, Seed seed, Action<Network> complete)
    {
        var network = Build(header, seed);
        try
        {
            complete(network);
        }
        catch
        {
            network.Dispose();
            throw;
        }
        Dispose();
        fitted = new(header, network);
    }

    private const string Kind = "causaldebias-network";
    private const int Version = 4;

    private Network Build(Header description, Seed seed)
    {
        using var random = seed.ToGenerator();
        var body = backbone(new(description.Modalities, hyperparameters, random));
        using var headRandom = seed.Derive("head").ToGenerator();
        return new Network(
            body,
            head(
                new(
                    body.Width,
                    description.Modalities.Length,
                    description.Patterns,
                    description.TrainingRows,
                    description.SiteCount,
                    description.Prevalence,
                    headRandom
                )
            )
        );
    }

    private static long Count(Network built) => built.parameters().Sum(parameter => parameter.numel());

    private sealed record Fitted(Header Header, Network Network);

    private sealed record Header(
        string Name,
        Modality[] Modalities,
        Standardiser Standardiser,
        PatternTable Patterns,
        int TrainingRows,
        int SiteCount,
        double Prevalence
    );
}
