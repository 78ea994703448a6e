using static TorchSharp.torch;

namespace CausalDebiasing.Networks.Encoders;

/// <summary>Tabular encoders of G modalities of one width, side by side: [G, N, features] to [G, N, d].</summary>
internal sealed class AlikeEncoders : ModalityEncoder
{
    private readonly GroupedLinear hidden;
    private readonly GroupedLinear output;

    /// <summary>The same as these encoders, whose values are copied.</summary>
    internal AlikeEncoders(IReadOnlyList<TabularEncoder> encoders)
        : base(nameof(AlikeEncoders))
    {
        hidden = new([.. encoders.Select(encoder => encoder.Hidden)]);
        output = new([.. encoders.Select(encoder => encoder.Output)]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => output.forward(hidden.forward(input).relu_());
}
