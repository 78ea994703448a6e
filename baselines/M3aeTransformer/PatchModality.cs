using CausalDebiasing.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines;

/// <summary>
/// Tokens of one modality's patches and back, each patch with its own linear maps, and the substitute content that
/// stands in for hidden patches. The substitute is a buffer, so that no optimiser of the network touches it.
/// </summary>
internal sealed class PatchModality : nn.Module
{
    private readonly Parameter embedding;
    private readonly Parameter position;
    private readonly Parameter decoding;
    private readonly Parameter offset;
    private readonly Tensor substitute;

    internal PatchModality(PatchLayout layout, int width, Generator random)
        : base(nameof(PatchModality))
    {
        Layout = layout;
        var (count, size) = (layout.Patches, layout.Size);
        embedding = Layers.Parameter(random, 1 / Math.Sqrt(size), count, size, width);
        position = Layers.Parameter(random, 0.1, count, 1, width);
        decoding = Layers.Parameter(random, 1 / Math.Sqrt(width), count, width, size);
        offset = Layers.Parameter(random, 0, count, 1, size);
        substitute = zeros(count, size);
        register_buffer(nameof(substitute), substitute);
        RegisterComponents();
    }

    internal PatchLayout Layout { get; }

    /// <summary>The learned content of hidden patches, [G, P].</summary>
    internal Tensor Substitute => substitute;

    /// <summary>Tokens [N, G, d].</summary>
    /// <param name="values">[N, G, P].</param>
    /// <param name="visible">[N, G], 0 where the patch is hidden.</param>
    /// <param name="content">[G, P], what hidden patches show.</param>
    internal Tensor Embed(Tensor values, Tensor visible, Tensor content)
    {
        var shown = visible.unsqueeze(-1);
        var filled = values * shown + content * (1 - shown);
        return (filled.transpose(0, 1).bmm(embedding) + position).transpose(0, 1);
    }

    /// <summary>Reconstructed patches [N, G, P] of tokens [N, G, d].</summary>
    internal Tensor Decode(Tensor tokens) => (tokens.transpose(0, 1).bmm(decoding) + offset).transpose(0, 1);
}
