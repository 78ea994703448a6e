using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines.Shared;

/// <summary>FedAvg (McMahan et al. 2017, arXiv 1602.05629, algorithm 1) with all clients in one process.</summary>
internal static class FederatedAveraging
{
    /// <summary>
    /// One round: every client trains its own copy of the server's weights; the server then takes
    /// w = sum over clients k of (n_k / n) w_k.
    /// </summary>
    /// <param name="server">The server's weights, replaced by the average.</param>
    /// <param name="rows">Number of rows n_k of every client.</param>
    /// <param name="train">Trains the copy of the client with the given index.</param>
    internal static void Round(
        IReadOnlyList<Tensor> server,
        IReadOnlyList<int> rows,
        Action<int, Parameter[]> train
    )
    {
        using var scope = NewDisposeScope();
        var average = server.Select(weights => zeros_like(weights)).ToArray();
        double total = rows.Sum();
        for (var client = 0; client < rows.Count; client++)
        {
            Parameter[] local = [.. server.Select(weights => new Parameter(weights.clone()))];
            train(client, local);
            for (var i = 0; i < local.Length; i++)
                average[i].add_(local[i].detach(), rows[client] / total);
        }
        for (var i = 0; i < average.Length; i++)
            server[i].copy_(average[i]);
    }
}
