using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using CausalDebiasing.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Training;

/// <summary>A backbone with a head.</summary>
internal sealed class Network : nn.Module
{
    /// <summary>Rows per evaluation step; fixed, because graph backbones see the batch as a whole.</summary>
    internal const int EvaluationBatch = 512;

    private readonly Backbone backbone;
    private readonly Head head;

    internal Network(Backbone backbone, Head head)
        : base(nameof(Network))
    {
        this.backbone = backbone;
        this.head = head;
        RegisterComponents();
    }

    internal Backbone Backbone => backbone;

    internal Tensor Loss(Batch batch, double progress)
    {
        var representation = backbone.Represent(batch);
        if (representation.RowWeights is { } own)
        {
            var normalised = own / own.mean().clamp_min(1e-12);
            batch = batch with { Weights = batch.Weights is { } given ? given * normalised : normalised };
        }
        var loss = head.Loss(representation.Features, batch, progress);
        return representation.AuxiliaryLoss is { } auxiliary ? loss + auxiliary : loss;
    }

    internal float[] Probabilities(TensorCohort cohort)
    {
        var result = new List<float>(cohort.Count);
        using var inference = no_grad();
        using var all = NewDisposeScope();
        foreach (var batch in cohort.All().Split(EvaluationBatch))
        {
            using var scope = NewDisposeScope();
            var probability = head.Probability(backbone.Represent(batch).Features, batch);
            result.AddRange(probability.Elements<float>());
        }
        return [.. result];
    }
}
