using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using CausalDebiasing.Networks.Encoders;

namespace CausalDebiasing.Baselines.Shared;

/// <summary>
/// The feature imputation network: encoders, translators that fill in missing vectors, concatenation. Before every
/// epoch the translators are trained for one round on the present vectors as constants; in the epoch they are frozen.
/// </summary>
public abstract class FeatureImputation : Backbone
{
    private readonly EncoderBank encoders;
    private readonly FeatureTranslators translators;
    private readonly ConcatenationFusion fusion;

    /// <summary>Builds the untrained network.</summary>
    protected FeatureImputation(string name, BackboneContext context)
        : base(name)
    {
        Width = context.Hyperparameters.Whole("width");
        encoders = new(context.Modalities, Width, context.Random);
        translators = new(encoders.Count, Width, context.Random);
        fusion = new(encoders.Count * Width, Width, context.Random);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <summary>The rows of every client; together all rows.</summary>
    /// <param name="sites">[N] sites of the rows.</param>
    protected abstract IReadOnlyList<long[]> Clients(long[] sites);

    /// <inheritdoc/>
    public override void BeginEpoch(TrainingRows rows, int epoch)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var encodings = Encodings.Of(rows, encoders);
        translators.Train(encodings.Vectors, encodings.Mask, Clients(encodings.Sites));
    }

    /// <inheritdoc/>
    public override Representation Represent(Batch batch) =>
        new(fusion.call(translators.Fill(encoders.Encode(batch), batch.Mask).flatten(1)));
}
