using CausalDebiasing.Cohorts;
using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// How well a small network still reads an erased score off what the erasure left. A projection takes out what is linear;
/// on recorded values, which are discrete, skewed and in part missing, a network may find all of it again.
/// </summary>
internal static class ErasureProbe
{
    private const int Steps = 120;
    private const double LearningRate = 3e-3;

    /// <summary>
    /// AUROC, within the outcome classes of held-out rows, of a network that was trained to tell the two clusters of the
    /// score apart: 0.5 where nothing is left, 1 where all is.
    /// </summary>
    /// <param name="train">Standardised training rows after the erasure.</param>
    /// <param name="score">That was erased, one per training row.</param>
    /// <param name="held">Other rows after the same.</param>
    /// <param name="heldScore">Theirs.</param>
    /// <param name="seed">Of the network.</param>
    internal static double Auroc(Cohort train, float[] score, Cohort held, float[] heldScore, Seed seed)
    {
        using var scope = NewDisposeScope();
        using var random = seed.Derive("probe").ToGenerator();
        using var rows = new TensorCohort(train, forTraining: false);
        using var features = new DetectorFeatures(train.Modalities, rows.All(), isDeep: true, random);
        var linear = Layers.Linear(random, features.Width, 1);
        var threshold = TwoMeans.Threshold([.. score.Select(s => (double)s)]);
        DetectorTraining.Run(
            features,
            linear,
            rows,
            target: tensor(Clusters(score, threshold)),
            weights: null,
            Losses.BinaryCrossEntropy,
            Steps,
            LearningRate,
            random,
            seed
        );
        using var inference = no_grad();
        using var others = new TensorCohort(held, forTraining: false);
        var logits = linear.forward(features.Read(others.All())).squeeze(-1).Elements<float>();
        return WithinClasses(held, Clusters(heldScore, threshold), logits);
    }

    private static float[] Clusters(float[] score, double threshold) =>
        [.. score.Select(s => s > threshold ? 1f : 0f)];

    /// <summary>The mean over outcome classes, by their rows; classes of one cluster are left out, 0.5 where all are.</summary>
    private static double WithinClasses(Cohort rows, float[] clusters, float[] logits)
    {
        var (sum, count) = (0.0, 0);
        foreach (var members in Enumerable.Range(0, rows.Count).GroupBy(row => rows.Labels[row]))
        {
            float[] own = [.. members.Select(row => clusters[row])];
            if (own.Distinct().Count() < 2)
                continue;
            sum += own.Length * Metrics.Auroc.Compute(own, [.. members.Select(row => logits[row])]);
            count += own.Length;
        }
        return count > 0 ? sum / count : 0.5;
    }
}
