using CausalDebiasing.Cohorts;
using CausalDebiasing.Predictors;
using CausalDebiasing.Predictors.Encoders;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines.Shared;

/// <summary>
/// M3Care: a similarity between patients (<see cref="PatientSimilarity"/>), per modality two graph convolutions over it,
/// g = ReLU(A_m ReLU(A_m z W + b) W' + b'); a missing modality becomes g, an observed one w g + (1 - w) z with
/// w = sigmoid(a.g) / (sigmoid(a.g) + sigmoid(b.z)); then two Transformer layers over the M vectors, each
/// with its type embedding, and a hidden layer on their concatenation.
/// </summary>
public abstract class M3CareNetwork : Backbone
{
    private const double NormWeight = 1e-7;
    private const int Heads = 2;

    private readonly bool literal;
    private readonly EncoderBank encoders;
    private readonly PatientSimilarity similarity;
    private readonly GroupedLinear first;
    private readonly GroupedLinear second;
    private readonly GroupedLinear gateGraph;
    private readonly GroupedLinear gateOwn;
    private readonly Parameter types;
    private readonly ModuleList<AttentionLayer> layers;
    private readonly Linear output;

    /// <summary>Builds the untrained network.</summary>
    /// <param name="name">Class name.</param>
    /// <param name="context">Modalities, hyper-parameters <c>width</c> and <c>theta</c>, initial values.</param>
    /// <param name="literal">Whether <see cref="Adjacency"/> also masks rows.</param>
    private protected M3CareNetwork(string name, BackboneContext context, bool literal)
        : base(name)
    {
        this.literal = literal;
        var (count, random) = (context.Modalities.Count, context.Random);
        Width = context.Hyperparameters.Whole("width");
        encoders = new(context.Modalities, Width, random);
        similarity = new(count, Width, context.Hyperparameters["theta"], random);
        first = new(count, Width, Width, random);
        second = new(count, Width, Width, random);
        gateGraph = new(count, Width, 1, random);
        gateOwn = new(count, Width, 1, random);
        types = Layers.Parameter(random, 0.02, count, Width);
        layers = new([new AttentionLayer(Width, Heads, random), new AttentionLayer(Width, Heads, random)]);
        output = Layers.Linear(random, count * Width, Width);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <inheritdoc/>
    public override Representation Represent(Batch batch)
    {
        var z = nn.functional.relu(encoders.Encode(batch)).transpose(0, 1).contiguous();
        var (weights, normGap) = similarity.forward(z, batch.Mask);
        var adjacency = Adjacency(weights, batch.Mask, literal);
        var hidden = nn.functional.relu(first.Convolve(adjacency, z));
        var graph = nn.functional.relu(second.Convolve(adjacency, hidden));
        var (fromGraph, fromOwn) = (gateGraph.forward(graph).sigmoid(), gateOwn.forward(z).sigmoid());
        var gate = fromGraph / (fromGraph + fromOwn);
        var present = batch.Mask.t().unsqueeze(-1);
        var completed = present * (gate * graph + (1 - gate) * z) + (1 - present) * graph;
        var tokens = completed.transpose(0, 1) + types;
        var all = ones_like(batch.Mask);
        foreach (var layer in layers)
            tokens = nn.functional.relu(layer.forward(tokens, all));
        var features = nn.functional.relu(output.forward(tokens.flatten(1)));
        return batch.IsTraining ? new(features, NormWeight * normGap) : new(features);
    }

    /// <summary>
    /// A [M, N, N] with A_mij = K_ij o_jm, so that everybody, also who lacks m, listens to those who have it; or, when
    /// <paramref name="literal"/>, K_ij o_im o_jm as in the released code, where who lacks m hears nobody.
    /// </summary>
    /// <param name="similarity">K [N, N].</param>
    /// <param name="mask">o [N, M].</param>
    /// <param name="literal">Whether rows are masked too.</param>
    internal static Tensor Adjacency(Tensor similarity, Tensor mask, bool literal) =>
        similarity.unsqueeze(0) * (literal ? PatientSimilarity.Shared(mask) : mask.t().unsqueeze(1));
}
