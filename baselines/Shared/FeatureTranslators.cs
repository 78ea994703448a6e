using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines.Shared;

/// <summary>
/// Translators T_{j->m} between the vectors of every ordered pair of modalities, each d - d - d with ReLU. Their
/// weights are buffers: the network's optimiser does not touch them, <see cref="Train"/> does.
/// </summary>
internal sealed class FeatureTranslators : nn.Module
{
    private const int BatchSize = 256;
    private const int LocalEpochs = 3;
    private const double LearningRate = 2e-3;
    private const double GradientNorm = 1;

    private readonly Tensor[] weights;

    internal FeatureTranslators(int modalities, int width, Generator random)
        : base(nameof(FeatureTranslators))
    {
        var (count, pairs) = (modalities, modalities * modalities);
        weights =
        [
            Uniform(random, width, count, width, count * width),
            zeros(count, 1, count * width),
            Uniform(random, width, pairs, width, width),
            zeros(pairs, 1, width),
        ];
        for (var i = 0; i < weights.Length; i++)
            register_buffer($"weights{i}", weights[i]);
    }

    /// <summary>
    /// Observed vectors as they are; a missing z_m becomes the mean over the observed j of T_{j->m}(z_j).
    /// </summary>
    /// <param name="vectors">[N, M, d], zero where missing.</param>
    /// <param name="mask">[N, M].</param>
    internal Tensor Fill(Tensor vectors, Tensor mask)
    {
        var sources = mask.unsqueeze(-1).unsqueeze(-1);
        var mean = (Translate(weights, vectors) * sources).sum([1L]) / sources.sum([1L]);
        return vectors + mean * (1 - mask).unsqueeze(-1);
    }

    /// <summary>
    /// One FedAvg round of three local epochs with Adam in every client on the rows in which two modalities are
    /// observed; one client that has all rows is centralised training.
    /// </summary>
    /// <param name="vectors">[N, M, d] constants.</param>
    /// <param name="mask">[N, M].</param>
    /// <param name="clients">The rows of every client.</param>
    internal void Train(Tensor vectors, Tensor mask, IReadOnlyList<long[]> clients) =>
        FederatedAveraging.Round(
            weights,
            [.. clients.Select(rows => rows.Length)],
            (client, local) =>
            {
                using var optimiser = optim.Adam(local, LearningRate);
                for (var epoch = 0; epoch < LocalEpochs; epoch++)
                    foreach (var rows in clients[client].Chunk(BatchSize))
                    {
                        using var scope = NewDisposeScope();
                        var index = tensor(rows, ScalarType.Int64);
                        var loss = Loss(local, vectors.index_select(0, index), mask.index_select(0, index));
                        optimiser.zero_grad();
                        loss.backward();
                        nn.utils.clip_grad_norm_(local, GradientNorm);
                        optimiser.step();
                    }
            }
        );

    /// <summary>Mean squared error of T_{j->m}(z_j) against z_m over all pairs of different modalities that are both observed.</summary>
    internal Tensor Loss(Tensor vectors, Tensor mask) => Loss(weights, vectors, mask);

    private static Tensor Loss(Tensor[] weights, Tensor vectors, Tensor mask)
    {
        var pairs = mask.unsqueeze(2) * mask.unsqueeze(1) * (1 - eye(mask.size(1)));
        var errors = (Translate(weights, vectors) - vectors.unsqueeze(1)).square().mean([-1L]);
        return (errors * pairs).sum() / pairs.sum().clamp_min(1);
    }

    /// <summary>[N, source, target, d].</summary>
    private static Tensor Translate(Tensor[] weights, Tensor vectors)
    {
        var (n, count, width) = (vectors.size(0), vectors.size(1), vectors.size(2));
        var hidden = nn.functional.relu(vectors.transpose(0, 1).bmm(weights[0]) + weights[1]);
        var pairs = hidden.view(count, n, count, -1).transpose(1, 2).reshape(count * count, n, -1);
        return (pairs.bmm(weights[2]) + weights[3]).view(count, count, n, width).permute(2, 0, 1, 3);
    }

    private static Tensor Uniform(Generator random, long inputs, params long[] shape) =>
        zeros(shape).uniform_(-1 / Math.Sqrt(inputs), 1 / Math.Sqrt(inputs), random);
}
