using System.Text.Json.Serialization;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Removes from every numeric modality the direction that carries the detected confounder: the oblique
/// projection I - W^-1 d d' W with W the inverse square root of the within-class covariance and d the whitened
/// within-class covariance with the score (LEACE, arXiv 2306.03819, applied within outcome classes).
/// </summary>
internal sealed class ConfounderEraser
{
    private const double Ridge = 1e-4;

    /// <summary>In standard errors of the whitened covariance with a score that a modality does not carry.</summary>
    private const double LeastCorrelation = 2;

    /// <summary>Erases nothing yet.</summary>
    internal ConfounderEraser(Standardiser standardiser, int modalities) =>
        (Standardiser, Projections) = (standardiser, new float[]?[modalities]);

    /// <summary>For the serialiser.</summary>
    [JsonConstructor]
    internal ConfounderEraser() { }

    [JsonInclude]
    internal Standardiser Standardiser { get; private init; } = new();

    /// <summary>Per modality a row-major [size, size] projection, or null where nothing is erased.</summary>
    [JsonInclude]
    internal float[]?[] Projections { get; private init; } = [];

    /// <summary>Positions of the modalities that lose a direction.</summary>
    [JsonIgnore]
    internal IEnumerable<int> Erased =>
        Enumerable.Range(0, Projections.Length).Where(m => Projections[m] is not null);

    /// <summary>The projections of every numeric modality that carries a score.</summary>
    /// <param name="standardiser">As fitted to the training rows.</param>
    /// <param name="train">The standardised training rows.</param>
    /// <param name="score">One per row.</param>
    internal static ConfounderEraser Fit(Standardiser standardiser, Cohort train, float[] score)
    {
        using var scope = NewDisposeScope();
        var projections = new float[]?[train.Modalities.Count];
        var scores = tensor(score);
        foreach (var m in DetectorInputs.Numeric(train.Modalities))
            projections[m] = Projection(train, m, scores);
        return new() { Standardiser = standardiser, Projections = projections };
    }

    /// <summary>The cohort without the erased directions; unchanged when the gate is shut.</summary>
    internal Cohort Apply(Cohort raw)
    {
        if (Projections.All(projection => projection is null))
            return raw;
        return Project(Standardiser.Apply(raw));
    }

    /// <summary>The same for a cohort that is standardised already.</summary>
    internal Cohort Project(Cohort standardised)
    {
        using var scope = NewDisposeScope();
        var blocks = new float[standardised.Modalities.Count][];
        for (var m = 0; m < blocks.Length; m++)
        {
            blocks[m] = standardised.Values(m).ToArray();
            if (Projections[m] is not { } projection)
                continue;
            var values = Aligned(blocks[m], standardised.Count, standardised.Modalities[m].Size);
            blocks[m] = values.mm(Square(projection).transpose(0, 1)).Elements<float>();
        }
        return standardised.WithComputed(blocks);
    }

    /// <summary>This erasure followed by another.</summary>
    internal ConfounderEraser Then(ConfounderEraser next)
    {
        using var scope = NewDisposeScope();
        return new()
        {
            Standardiser = Standardiser,
            Projections =
            [
                .. Projections.Zip(
                    next.Projections,
                    (first, second) =>
                        first is null ? second
                        : second is null ? first
                        : Square(second).mm(Square(first)).Elements<float>()
                ),
            ],
        };
    }

    private static Tensor Square(float[] matrix)
    {
        var size = (long)Math.Sqrt(matrix.Length);
        return Aligned(matrix, size, size);
    }

    /// <summary>
    /// A copy in native memory: products of managed memory differ in the last bits by where it happens to lie.
    /// </summary>
    private static Tensor Aligned(float[] values, long rows, long columns) =>
        tensor(values, [rows, columns], ScalarType.Float32).clone();

    private static float[]? Projection(Cohort train, int m, Tensor score)
    {
        var size = train.Modalities[m].Size;
        long[] rows =
        [
            .. Enumerable
                .Range(0, train.Count)
                .Where(row => train.IsObserved(row, m))
                .Select(row => (long)row),
        ];
        var index = tensor(rows, ScalarType.Int64);
        var values = tensor(train.Values(m).ToArray(), [train.Count, size], ScalarType.Float32)
            .index_select(0, index)
            .to(ScalarType.Float64);
        var target = score.index_select(0, index).to(ScalarType.Float64).unsqueeze(1);
        var labels = tensor(train.Labels.ToArray()).index_select(0, index);
        var covariance = eye(size, dtype: ScalarType.Float64) * Ridge;
        var cross = zeros(size, 1, ScalarType.Float64);
        foreach (var label in new[] { 0f, 1f })
        {
            var members = labels.eq(label).nonzero().squeeze(-1);
            if (members.numel() < 2)
                continue;
            var centred = values.index_select(0, members);
            centred = centred - centred.mean([0], keepdim: true);
            var scores = target.index_select(0, members);
            scores = scores - scores.mean();
            covariance = covariance + centred.transpose(0, 1).mm(centred) / rows.Length;
            cross = cross + centred.transpose(0, 1).mm(scores) / rows.Length;
        }
        var (eigenvalues, vectors) = linalg.eigh(covariance);
        var roots = eigenvalues.clamp_min(Ridge).sqrt();
        var whiten = (vectors / roots).mm(vectors.transpose(0, 1));
        var unwhiten = (vectors * roots).mm(vectors.transpose(0, 1));
        var direction = whiten.mm(cross);
        var length = direction.norm().ToDouble();
        if (length < LeastCorrelation * Math.Sqrt((double)size / Math.Max(1, rows.Length)))
            return null;
        direction = direction / length;
        var projection =
            eye(size, dtype: ScalarType.Float64)
            - unwhiten.mm(direction).mm(direction.transpose(0, 1)).mm(whiten);
        return projection.to(ScalarType.Float32).Elements<float>();
    }
}
