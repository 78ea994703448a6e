using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Networks;

/// <summary>G linear layers side by side, one per modality or the like, as one product: [G, N, inputs] to [G, N, outputs].</summary>
public sealed class GroupedLinear : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter bias;

    /// <summary>Layers with weights and biases drawn from a normal distribution of variance 1/(3 inputs), that of <see cref="Layers.Linear"/>.</summary>
    /// <param name="groups">Number of layers G, at least 1.</param>
    /// <param name="inputs">At least 1.</param>
    /// <param name="outputs">At least 1.</param>
    /// <param name="random">Source of the values.</param>
    public GroupedLinear(int groups, int inputs, int outputs, Generator random)
        : base(nameof(GroupedLinear))
    {
        var sd = 1 / Math.Sqrt(3.0 * inputs);
        weight = Layers.Parameter(random, sd, groups, inputs, outputs);
        bias = Layers.Parameter(random, sd, groups, 1, outputs);
        RegisterComponents();
    }

    /// <summary>The same as some layers of one shape, whose values are copied.</summary>
    internal GroupedLinear(IReadOnlyList<Linear> layers)
        : base(nameof(GroupedLinear))
    {
        using (no_grad())
        {
            weight = new Parameter(stack([.. layers.Select(layer => layer.weight.t())]));
            bias = new Parameter(stack([.. layers.Select(layer => layer.bias!.unsqueeze(0))]));
        }
        RegisterComponents();
    }

    /// <summary>[G, N, outputs] of [G, N, inputs].</summary>
    public override Tensor forward(Tensor input) => Product(input).add_(bias);

    /// <summary>The biases, [G, 1, outputs].</summary>
    public Tensor Bias => bias;

    /// <summary>The layers without their biases: [G, N, inputs] to [G, N, outputs].</summary>
    /// <param name="input">[G, N, inputs].</param>
    public Tensor Product(Tensor input) => input.bmm(weight);
}
