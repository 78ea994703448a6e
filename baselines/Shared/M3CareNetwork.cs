using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using CausalDebiasing.Networks.Encoders;
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
    /// <param name="literal">Whether <see cref="Hear"/> masks listeners too.</param>
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
        layers = AttentionLayer.Stack(2, Width, Heads, random);
        output = Layers.Linear(random, count * Width, Width);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <inheritdoc/>
    public override Representation Represent(Batch batch)
    {
        var z = nn.functional.relu(encoders.Encode(batch)).transpose(0, 1).contiguous();
        var present = batch.Mask.t().unsqueeze(-1);
        var (weights, normGap) = similarity.forward(z, batch.Mask);
        var hidden = Convolve(first, z);
        var graph = Convolve(second, hidden);
        var (fromGraph, fromOwn) = (gateGraph.forward(graph).sigmoid(), gateOwn.forward(z).sigmoid());
        var gate = fromGraph / (fromGraph + fromOwn);
        var completed = present * (gate * graph + (1 - gate) * z) + (1 - present) * graph;
        var tokens = completed.transpose(0, 1) + types;
        foreach (var layer in layers)
            tokens = nn.functional.relu(layer.forward(tokens, mask: null));
        var features = nn.functional.relu(output.forward(tokens.flatten(1)));
        return batch.IsTraining ? new(features, NormWeight * normGap) : new(features);

        Tensor Convolve(GroupedLinear layer, Tensor input) =>
            nn.functional.relu(Hear(weights, layer.Product(input), present, literal) + layer.Bias);
    }

    /// <summary>
    /// sum_j A_mij v_mj with A_mij = K_ij o_jm, so that everybody, also who lacks m, hears those who have it; or, when
    /// <paramref name="literal"/>, K_ij o_im o_jm as in the released code, where who lacks m hears nobody.
    /// </summary>
    /// <param name="similarity">K [N, N].</param>
    /// <param name="values">v [M, N, d].</param>
    /// <param name="present">o [M, N, 1].</param>
    /// <param name="literal">Whether listeners are masked too.</param>
    internal static Tensor Hear(Tensor similarity, Tensor values, Tensor present, bool literal)
    {
        var spoken = (present * values).transpose(0, 1).flatten(1);
        var heard = similarity.matmul(spoken).view(-1, values.size(0), values.size(2)).transpose(0, 1);
        return literal ? present * heard : heard;
    }
}
