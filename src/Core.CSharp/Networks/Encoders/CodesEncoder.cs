using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Networks.Encoders;

/// <summary>The mean embedding of the codes that are not padding ([N, slots], 0 = padding), ReLU, Linear.</summary>
internal sealed class CodesEncoder : ModalityEncoder
{
    private readonly Embedding table;
    private readonly Linear map;

    /// <summary>An encoder of codes 1..<paramref name="vocabulary"/> into <paramref name="width"/>.</summary>
    public CodesEncoder(int vocabulary, int width, Generator random)
        : base(nameof(CodesEncoder))
    {
        table = Layers.Embedding(random, vocabulary + 1, width);
        map = Layers.Linear(random, width, width);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var codes = input.to(ScalarType.Int64);
        var present = codes.gt(0).to(ScalarType.Float32).unsqueeze(-1);
        var mean = (table.forward(codes) * present).sum(1) / present.sum(1).clamp_min(1);
        return map.forward(nn.functional.relu(mean));
    }
}
