using CausalDebiasing.Networks;
using CausalDebiasing.Networks.Encoders;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines.Shared;

/// <summary>The modality vectors of all training rows, in random order and without gradients.</summary>
/// <param name="Vectors">[N, M, d], zero where missing.</param>
/// <param name="Mask">[N, M].</param>
/// <param name="Sites">[N] site indices.</param>
internal sealed record Encodings(Tensor Vectors, Tensor Mask, long[] Sites)
{
    private const int BatchSize = 512;

    /// <summary>Encodes the rows once; the tensors belong to the caller's dispose scope.</summary>
    internal static Encodings Of(TrainingRows rows, EncoderBank encoders)
    {
        using var constant = no_grad();
        var (vectors, masks, sites) = (new List<Tensor>(), new List<Tensor>(), new List<long>());
        rows.ForEach(
            BatchSize,
            batch =>
            {
                vectors.Add(encoders.Encode(batch).MoveToOuterDisposeScope());
                masks.Add(batch.Mask.MoveToOuterDisposeScope());
                sites.AddRange(batch.Sites!.data<long>().ToArray());
            }
        );
        return new(cat(vectors, 0), cat(masks, 0), [.. sites]);
    }
}
