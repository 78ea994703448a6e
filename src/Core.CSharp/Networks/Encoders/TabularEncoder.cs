using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Networks.Encoders;

/// <summary>Linear, ReLU, Linear on [N, features].</summary>
internal sealed class TabularEncoder : ModalityEncoder
{
    private readonly Sequential layers;

    /// <summary>An encoder of <paramref name="features"/> numbers into <paramref name="width"/>.</summary>
    public TabularEncoder(int features, int width, Generator random)
        : base(nameof(TabularEncoder))
    {
        layers = Layers.Perceptron(random, features, width, width);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => layers.forward(input);
}
