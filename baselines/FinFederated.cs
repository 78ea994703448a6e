using CausalDebiasing.Baselines.Shared;
using CausalDebiasing.Catalogue;
using CausalDebiasing.Networks;
using CausalDebiasing.Predictors;

namespace CausalDebiasing.Baselines;

/// <summary>
/// FIN with its translators trained by federated averaging (FedAvg, arXiv 1602.05629): the sites are the clients,
/// each trains on its own rows, and the average weighted by rows is what all use. Otherwise as <see cref="Fin"/>.
/// </summary>
/// <remarks>
/// Encoders, fusion and head are trained by the common loop, so that a head can be put on or debiased as for any
/// backbone. The gradient of a pooled step is the average of the clients' gradients weighted by their rows in it:
/// federated SGD, FedAvg with a single local step, with the optimiser on the server. All clients take part in every
/// round.
/// </remarks>
[Baseline(
    "fin-federated",
    Title = "FIN, federated",
    Year = 2025,
    Paper = "arXiv:2505.20232",
    Family = BaselineFamily.Federated
)]
[Hyperparameter("width", 32, 16, 128, Logarithmic = true, Step = 8)]
[Hyperparameter("lr", 2e-3, 1e-4, 1e-2, Logarithmic = true)]
public sealed class FinFederated(BackboneContext context) : FeatureImputation(nameof(FinFederated), context)
{
    /// <inheritdoc/>
    protected override IReadOnlyList<long[]> Clients(long[] sites) => BySite(sites);

    /// <summary>The rows of every site, in order of the sites.</summary>
    internal static IReadOnlyList<long[]> BySite(long[] sites) =>
        [
            .. sites
                .Select((site, row) => (Site: site, Row: (long)row))
                .GroupBy(pair => pair.Site, pair => pair.Row)
                .OrderBy(client => client.Key)
                .Select(client => client.ToArray()),
        ];
}
