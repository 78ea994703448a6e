using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines.Shared;

/// <summary>
/// The bipartite graph of the patients of a batch and the modalities, an edge where a modality is observed and
/// its vector z_im on the edge. Patients start as ones, modalities as learned vectors; between two layers of
/// <see cref="EdgeSageLayer"/> each direction's edge vector becomes ReLU(V [h_sender; h_receiver; e]).
/// </summary>
internal sealed class PatientModalityGraph : nn.Module
{
    private readonly Parameter modalities;
    private readonly ModuleList<EdgeSageLayer> layers;
    private readonly ModuleList<Linear> edgeUpdates;

    internal PatientModalityGraph(
        int modalityCount,
        int width,
        int layerCount,
        bool normalise,
        Generator random
    )
        : base(nameof(PatientModalityGraph))
    {
        modalities = Layers.Parameter(random, 1, modalityCount, width);
        layers = new([
            .. Enumerable.Range(0, layerCount).Select(_ => new EdgeSageLayer(width, normalise, random)),
        ]);
        edgeUpdates = new([
            .. Enumerable.Range(1, layerCount - 1).Select(_ => Layers.Linear(random, 3 * width, width)),
        ]);
        RegisterComponents();
    }

    /// <summary>The patients' vectors after the last layer, [N, d].</summary>
    /// <param name="edges">z [N, M, d]; what stands where there is no edge has no influence.</param>
    /// <param name="mask">[N, M], 1 where there is an edge.</param>
    /// <param name="batch">Source of the dropout between layers.</param>
    /// <param name="dropout">Share of node features hidden between layers.</param>
    /// <param name="reliability">[N, M] weights of the messages to patients, 0 without an edge; equal when null.</param>
    internal Tensor forward(
        Tensor edges,
        Tensor mask,
        Batch batch,
        double dropout,
        Tensor? reliability = null
    )
    {
        Tensor patients = ones(edges.size(0), edges.size(2));
        Tensor nodes = modalities;
        var (toPatient, toModality) = (edges, edges);
        for (var l = 0; ; l++)
        {
            var received = layers[l]
                .forward(nodes.unsqueeze(0), toPatient, reliability ?? mask, patients, over: 1);
            if (l == layers.Count - 1)
                return received;
            nodes = Layers.Dropout(
                layers[l].forward(patients.unsqueeze(1), toModality, mask, nodes, over: 0),
                dropout,
                batch
            );
            patients = Layers.Dropout(received, dropout, batch);
            var (p, q) = (patients.unsqueeze(1).expand(edges.shape), nodes.unsqueeze(0).expand(edges.shape));
            toPatient = nn.functional.relu(edgeUpdates[l].forward(cat([q, p, toPatient], -1)));
            toModality = nn.functional.relu(edgeUpdates[l].forward(cat([p, q, toModality], -1)));
        }
    }
}
