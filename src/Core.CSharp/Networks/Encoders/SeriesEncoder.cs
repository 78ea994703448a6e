using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Networks.Encoders;

/// <summary>A one-layer GRU over [N, steps, channels]; its last hidden state, through a linear map.</summary>
internal sealed class SeriesEncoder : ModalityEncoder
{
    private readonly GRU recurrence;
    private readonly Linear map;

    /// <summary>An encoder of series with <paramref name="channels"/> channels into <paramref name="width"/>.</summary>
    public SeriesEncoder(int channels, int width, Generator random)
        : base(nameof(SeriesEncoder))
    {
        recurrence = Layers.Gru(random, channels, width);
        map = Layers.Linear(random, width, width);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var (_, last) = recurrence.call(input);
        return map.forward(last.select(0, 0));
    }
}
