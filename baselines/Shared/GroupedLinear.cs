using CausalDebiasing.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines.Shared;

/// <summary>M linear layers side by side, one per modality: [M, N, inputs] to [M, N, outputs].</summary>
internal sealed class GroupedLinear : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter bias;

    internal GroupedLinear(int groups, int inputs, int outputs, Generator random)
        : base(nameof(GroupedLinear))
    {
        // The variance of a uniform draw in +-1/sqrt(inputs), the initial values of a linear layer.
        var sd = 1 / Math.Sqrt(3.0 * inputs);
        weight = Layers.Parameter(random, sd, groups, inputs, outputs);
        bias = Layers.Parameter(random, sd, groups, 1, outputs);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => Product(input) + bias;

    /// <summary>The biases, [M, 1, outputs].</summary>
    internal Tensor Bias => bias;

    /// <summary>The layers without their biases.</summary>
    internal Tensor Product(Tensor input) => input.bmm(weight);
}
