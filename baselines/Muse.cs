using CausalDebiasing.Baselines.Shared;
using CausalDebiasing.Catalogue;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using CausalDebiasing.Networks.Encoders;
using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines;

/// <summary>
/// MUSE (Wu et al., ICLR 2024; zzachw/MUSE): the graph of <see cref="PatientModalityGraph"/>, seen twice, the
/// second time after <see cref="EdgeDrop.HalfTheRows"/>. With z, z' the patients' vectors of the two views and
/// u = normalise(tanh(P z)), the loss is BCE(classifier(z)) + 0.5 InfoNCE(u, u') + 0.5 supervised(u, u'); see
/// <see cref="ContrastiveLosses"/>. Predictions use the whole graph.
/// </summary>
/// <remarks>
/// MUSE+ is the same model given patients without outcome, who enter InfoNCE only. As every training row here has
/// an outcome, <c>unlabelled</c> takes it away from that share of rows, the same rows in every epoch. The
/// default 0 is MUSE; the range is a point because hiding outcomes is a question to ask, not a value to tune.
/// Temperature 0.07 and the edge drop follow the released code (the paper states 0.05 and 15 % of the edges).
/// Deviations: width 32 instead of 128; step size, epochs and batch are those with the least validation log loss of six
/// settings (2e-3 or 5e-3; 20 epochs of batches of 256, 40 of 256, 40 of 128; the same six for GRAPE), averaged over
/// Acquisition worlds 0 to 9 and PhysioNet 2012 with seeds 0 to 2, where test sets played no part (released code: 2e-4, 100
/// epochs); the suite's encoders and optimiser; row weights, where given, weigh
/// both contrastive terms (pairs by their product). The first layer of the released classifier (Linear, ReLU,
/// dropout) belongs to the backbone, the second is the head.
/// </remarks>
[Baseline(
    "muse",
    Title = "MUSE",
    Year = 2024,
    Paper = "ICLR 2024, zzachw/MUSE",
    Family = BaselineFamily.Graph
)]
[Hyperparameter("width", 32, 16, 128, Logarithmic = true, Step = 8)]
[Hyperparameter("lr", 5e-3, 1e-4, 1e-2, Logarithmic = true)]
[Hyperparameter("epochs", 40, 20, 60, Step = 1)]
[Hyperparameter("batch", 128, 64, 512, Logarithmic = true, Step = 16)]
[Hyperparameter("layers", 2, 1, 3, Step = 1)]
[Hyperparameter("dropout", 0.25, 0, 0.5)]
[Hyperparameter("temperature", 0.07, 0.05, 0.5, Logarithmic = true)]
[Hyperparameter("contrast", 0.5, 0, 1)]
[Hyperparameter("unlabelled", 0, 0, 0)]
public sealed class Muse : Backbone
{
    private readonly EncoderBank encoders;
    private readonly PatientModalityGraph graph;
    private readonly Linear projection;
    private readonly Linear classifier;
    private readonly double dropout;
    private readonly double temperature;
    private readonly double contrast;
    private readonly double unlabelled;
    private readonly Seed hiding;

    /// <summary>Builds the untrained network.</summary>
    public Muse(BackboneContext context)
        : base(nameof(Muse))
    {
        var values = context.Hyperparameters;
        Width = values.Whole("width");
        dropout = values["dropout"];
        temperature = values["temperature"];
        contrast = values["contrast"];
        unlabelled = values["unlabelled"];
        encoders = new(context.Modalities, Width, context.Random);
        graph = new(encoders.Count, Width, values.Whole("layers"), normalise: false, context.Random);
        projection = Layers.Linear(context.Random, Width, Width);
        classifier = Layers.Linear(context.Random, Width, Width);
        using var draw = randint(int.MaxValue, [1], generator: context.Random, dtype: ScalarType.Int64);
        hiding = new Seed((ulong)draw.item<long>()).Derive("unlabelled");
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <inheritdoc/>
    public override Representation Represent(Batch batch)
    {
        var edges = Layers.Dropout(encoders.Encode(batch), dropout, batch);
        var z = graph.forward(edges, batch.Mask, batch, dropout);
        var features = Layers.Dropout(nn.functional.relu(classifier.forward(z)), dropout, batch);
        if (batch is not { Random: { } random, Labels: { } labels })
            return new(features);
        var u = Project(z);
        var v = Project(graph.forward(edges, EdgeDrop.HalfTheRows(batch.Mask, random), batch, dropout));
        var labelled = unlabelled > 0 ? Labelled(batch.Rows) : null;
        var weights = (batch.Weights, labelled) switch
        {
            (null, _) => labelled,
            (_, null) => batch.Weights,
            _ => batch.Weights * labelled,
        };
        var auxiliary =
            ContrastiveLosses.Instance(u, v, temperature, batch.Weights)
            + ContrastiveLosses.Supervised(u, v, labels, temperature, weights);
        return new(features, contrast * auxiliary, labelled);
    }

    private Tensor Project(Tensor z) => Direction(projection.forward(z));

    /// <summary>normalise(tanh(p)), rows of length 1.</summary>
    internal static Tensor Direction(Tensor projected) => nn.functional.normalize(projected.tanh(), 2, -1);

    /// <summary>[N], 0 for rows of which the outcome is withheld.</summary>
    private Tensor Labelled(IReadOnlyList<int> rows) =>
        tensor([
            .. rows.Select(row => hiding.Derive("row", row).ToInt32() < unlabelled * int.MaxValue ? 0f : 1f),
        ]);
}
