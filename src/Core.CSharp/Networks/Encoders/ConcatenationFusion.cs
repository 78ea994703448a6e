using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Networks.Encoders;

/// <summary>Concatenated modality vectors through two linear layers with ReLU: [N, inputs] to [N, width].</summary>
public sealed class ConcatenationFusion : nn.Module<Tensor, Tensor>
{
    private readonly Sequential layers;

    /// <summary>A fusion of one vector per row into another.</summary>
    /// <param name="inputs">Numbers per row that go in: of M modality vectors of width d, M * d.</param>
    /// <param name="width">Numbers per row that come out, all at least 0.</param>
    /// <param name="random">Source of initial parameter values.</param>
    public ConcatenationFusion(int inputs, int width, Generator random)
        : base(nameof(ConcatenationFusion))
    {
        layers = Layers.Perceptron(random, inputs, width, width);
        RegisterComponents();
    }

    /// <summary>[N, width] of [N, inputs].</summary>
    public override Tensor forward(Tensor input) => layers.forward(input).relu_();
}
