using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Networks.Encoders;

/// <summary>Concatenated modality vectors through two linear layers with ReLU: [N, inputs] to [N, width].</summary>
public sealed class ConcatenationFusion : nn.Module<Tensor, Tensor>
{
    private readonly Sequential layers;

    /// <summary>A fusion of <paramref name="inputs"/> numbers into <paramref name="width"/>.</summary>
    public ConcatenationFusion(int inputs, int width, Generator random)
        : base(nameof(ConcatenationFusion))
    {
        layers = Layers.Perceptron(random, inputs, width, width);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => nn.functional.relu(layers.forward(input));
}
