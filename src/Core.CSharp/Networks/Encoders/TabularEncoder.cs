using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Networks.Encoders;

/// <summary>Linear, ReLU, Linear on [N, features].</summary>
internal sealed class TabularEncoder : ModalityEncoder
{
    private readonly Linear hidden;
    private readonly Linear output;

    /// <summary>An encoder of <paramref name="features"/> numbers into <paramref name="width"/>.</summary>
    internal TabularEncoder(int features, int width, Generator random)
        : base(nameof(TabularEncoder))
    {
        hidden = Layers.Linear(random, features, width);
        output = Layers.Linear(random, width, width);
        RegisterComponents();
    }

    /// <summary>The first layer.</summary>
    internal Linear Hidden => hidden;

    /// <summary>The second layer.</summary>
    internal Linear Output => output;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => output.forward(hidden.forward(input).relu_());
}
