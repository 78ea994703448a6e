using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Finds the score of a confounder. Candidates start from a score that generalised cross-entropy pulls to what is
/// easiest, and from the leading principal components within the outcome classes. Each is refined: it is split in two
/// by two-means (the pseudo-confounder), which is regressed by ridge on the features, the mask and the label; the part
/// that all but the label explain is the new score. Conditioning on the label takes the signal out of the score. The
/// candidate with the most evidence of being spurious is kept.
/// </summary>
internal sealed class ConfounderDetector : IDisposable
{
    private const int Steps = 72;
    private const double LearningRate = 2e-3;
    private const double Amplification = 0.7;
    private const int Components = 2;

    private readonly DetectorFeatures features;
    private readonly Tensor coefficients;
    private readonly (float Mean, float Deviation) scale;

    private ConfounderDetector(DetectorFeatures features, Tensor coefficients, float[] score)
    {
        this.features = features;
        this.coefficients = coefficients;
        var mean = score.Average(s => (double)s);
        var variance = score.Average(s => (s - mean) * (s - mean));
        scale = ((float)mean, (float)Math.Max(1e-8, Math.Sqrt(variance)));
    }

    /// <summary>The evidence for the score; its p-value accounts for the choice among candidates.</summary>
    internal required SpuriousEvidence Evidence { get; init; }

    /// <summary>Learns the score from standardised training rows.</summary>
    /// <param name="train">The rows.</param>
    /// <param name="weights">One per row, under which pattern and outcome are independent.</param>
    /// <param name="options">With no refinements the amplified score alone is used as it is.</param>
    /// <param name="isDeep">Whether the score may read what no linear score of the inputs does, and codes.</param>
    /// <param name="seed">Of the candidates' training.</param>
    internal static ConfounderDetector Fit(
        Cohort train,
        float[] weights,
        DebiasOptions options,
        bool isDeep,
        Seed seed
    )
    {
        using var scope = NewDisposeScope();
        using var random = seed.Derive("detector").ToGenerator();
        using var rows = new TensorCohort(train, forTraining: true);
        var all = rows.All();
        var features = new DetectorFeatures(train.Modalities, all, isDeep, random);
        var linear = Predictors.Layers.Linear(random, features.Width, 1);
        DetectorTraining.Run(
            features,
            linear,
            rows,
            target: rows.Labels,
            tensor(weights),
            (logit, label) => Losses.AmplifiedCrossEntropy(logit, label, Amplification),
            Steps,
            LearningRate,
            random,
            seed
        );
        using var inference = no_grad();
        var inputs = features.Read(all).to(ScalarType.Float64);
        var amplified = linear.weight!.transpose(0, 1).to(ScalarType.Float64);
        var candidates =
            options.Refinements == 0
                ? amplified
                : Candidates(features, inputs, rows.Labels, inputs.mm(amplified), options.Refinements);
        var scores = Scores(inputs, candidates);
        var (best, evidence) = SpuriousEvidence.Strongest(train, scores, options.GateLevel);
        features.MoveToOuterDisposeScope();
        return new(features, candidates.narrow(1, best, 1).clone().MoveToOuterDisposeScope(), scores[best])
        {
            Evidence = evidence,
        };
    }

    /// <summary>One score per row, [n]; mean 0 and sd 1 over the training rows.</summary>
    internal float[] Score(Cohort standardised)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var rows = new TensorCohort(standardised, forTraining: false);
        var all = rows.All();
        return
        [
            .. Scores(features.Read(all).to(ScalarType.Float64), coefficients)[0]
                .Select(s => (s - scale.Mean) / scale.Deviation),
        ];
    }

    public void Dispose()
    {
        coefficients.Dispose();
        features.Dispose();
    }

    /// <summary>One score of all rows per column of coefficients.</summary>
    private static float[][] Scores(Tensor inputs, Tensor coefficients) =>
        [.. Columns(inputs.mm(coefficients)).Select(score => Array.ConvertAll(score, s => (float)s))];

    private static IEnumerable<double[]> Columns(Tensor scores)
    {
        var values = scores.transpose(0, 1).Elements<double>();
        return values.Chunk((int)scores.size(0));
    }

    /// <summary>Coefficients of every candidate, [features, candidates].</summary>
    private static Tensor Candidates(
        DetectorFeatures features,
        Tensor inputs,
        Tensor labels,
        Tensor amplified,
        int refinements
    )
    {
        var label = labels.to(ScalarType.Float64).unsqueeze(1);
        var design = cat([inputs, label, ones_like(label)], 1);
        var gram = design.transpose(0, 1).mm(design) + eye(design.size(1), dtype: ScalarType.Float64);
        var inverse = linalg.inv(gram).narrow(0, 0, inputs.size(1));
        var starts = new List<Tensor> { amplified };
        var residual = inputs - design.narrow(1, inputs.size(1), 2).mm(ClassMeans(inputs, label));
        residual = residual / residual.std(0, unbiased: false, keepdim: true).clamp_min(1e-6);
        foreach (var (start, width) in features.Groups)
        {
            var group = residual.narrow(1, start, width);
            var (_, vectors) = linalg.eigh(group.transpose(0, 1).mm(group));
            for (var i = 1; i <= Math.Min(Components, width); i++)
                starts.Add(group.mm(vectors.narrow(1, width - i, 1)));
        }
        return Refine(design, inverse, cat(starts, 1), refinements);
    }

    /// <summary>[2, features]: slope on the label and intercept.</summary>
    private static Tensor ClassMeans(Tensor inputs, Tensor label)
    {
        var positive = (inputs * label).sum([0L], keepdim: true) / label.sum().clamp_min(1);
        var negative = (inputs * (1 - label)).sum([0L], keepdim: true) / (1 - label).sum().clamp_min(1);
        return cat([positive - negative, negative], 0);
    }

    private static Tensor Refine(Tensor design, Tensor inverse, Tensor scores, int refinements)
    {
        var inputs = design.narrow(1, 0, inverse.size(0));
        var coefficients = zeros(inputs.size(1), scores.size(1), ScalarType.Float64);
        for (var i = 0; i < refinements; i++)
        {
            var thresholds = tensor([.. Columns(scores).Select(score => TwoMeans.Threshold(score))]);
            var pseudo = scores.gt(thresholds).to(ScalarType.Float64);
            coefficients = inverse.mm(design.transpose(0, 1).mm(pseudo));
            scores = inputs.mm(coefficients);
        }
        return coefficients;
    }
}
