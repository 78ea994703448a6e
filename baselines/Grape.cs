using CausalDebiasing.Baselines.Shared;
using CausalDebiasing.Catalogue;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Debiasing;
using CausalDebiasing.Networks;
using CausalDebiasing.Networks.Encoders;
using CausalDebiasing.Predictors;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines;

/// <summary>
/// GRAPE (You et al., NeurIPS 2020; maxiaoba/GRAPE) at the level of modalities: patients and modalities are the
/// two sides of a graph, observed modalities its edges; see <see cref="PatientModalityGraph"/> for the message
/// passing. Node vectors are scaled to length 1 after every layer and, in training, each edge is removed
/// with probability 0.3. A hidden layer follows, as in the original.
/// </summary>
/// <remarks>
/// Deviations. (1) An edge carries an encoder's vector of a modality, not one number. (2) The patient's vector is
/// classified directly; the original predicts from features it imputes first. (3) Modality nodes
/// start from learned vectors, not one-hot. (4) Two layers of width 32 instead of three of 64, and mini-batches
/// instead of the whole graph, so a prediction depends on the other patients of the batch. (5) A patient who
/// would lose all edges keeps them. (6) Step size 2e-3 instead of 1e-3, 40 epochs of batches of 128: chosen like
/// those of <see cref="Muse"/>, the step lowered from 5e-3 after AUROC on PhysioNet 2012 was seen to collapse there.
/// </remarks>
[Baseline("grape", Title = "GRAPE", Year = 2020, Paper = "arXiv:2010.16418", Family = BaselineFamily.Graph)]
[Hyperparameter("width", 32, 16, 128, Logarithmic = true, Step = 8)]
[Hyperparameter("lr", 2e-3, 1e-4, 1e-2, Logarithmic = true)]
[Hyperparameter("epochs", 40, 20, 60, Step = 1)]
[Hyperparameter("batch", 128, 64, 512, Logarithmic = true, Step = 16)]
[Hyperparameter("layers", 2, 1, 3, Step = 1)]
[Hyperparameter("drop", 0.3, 0, 0.6)]
public sealed class Grape : Backbone
{
    private readonly EncoderBank encoders;
    private readonly PatientModalityGraph graph;
    private readonly Linear output;
    private readonly double drop;

    /// <summary>Builds the untrained network.</summary>
    public Grape(BackboneContext context)
        : base(nameof(Grape))
    {
        Width = context.Hyperparameters.Whole("width");
        drop = context.Hyperparameters["drop"];
        encoders = new(context.Modalities, Width, context.Random);
        graph = new(
            encoders.Count,
            Width,
            context.Hyperparameters.Whole("layers"),
            normalise: true,
            context.Random
        );
        output = Layers.Linear(context.Random, Width, Width);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <inheritdoc/>
    public override Representation Represent(Batch batch)
    {
        var mask = batch.Random is { } random ? ModalityDrop.Thin(batch.Mask, drop, random) : batch.Mask;
        var patients = graph.forward(encoders.Encode(batch), mask, batch, dropout: 0);
        return new(nn.functional.relu(output.forward(patients)));
    }
}
