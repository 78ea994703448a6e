using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Training;

/// <summary>A copy of a network's parameters and buffers at its best epoch.</summary>
internal sealed class Snapshot : IDisposable
{
    private readonly Tensor[] live;
    private readonly Tensor[] kept;

    internal Snapshot(nn.Module network)
    {
        live = [.. network.state_dict().Values];
        kept = [.. live.Select(value => value.detach().clone())];
    }

    internal void Take() => Copy(live, kept);

    internal void Restore() => Copy(kept, live);

    public void Dispose()
    {
        foreach (var copy in kept)
            copy.Dispose();
    }

    private static void Copy(Tensor[] from, Tensor[] to)
    {
        using var inference = no_grad();
        for (var i = 0; i < from.Length; i++)
            to[i].copy_(from[i]);
    }
}
