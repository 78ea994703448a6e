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

    [JsonInclude]
    internal Standardiser Standardiser { get; private init; } = new();

    /// <summary>Per modality a row-major [size, size] projection, or null where nothing is erased.</summary>
    [JsonInclude]
    internal float[]?[] Projections { get; private init; } = [];

    [JsonIgnore]
    internal Dictionary<string, string> Diagnostics { get; } = [];

    /// <summary>Detects, gates and, where the gate opens, prepares the projections.</summary>
    internal static ConfounderEraser Fit(Cohort raw, DebiasOptions options, Seed seed)
    {
        var standardiser = Standardiser.Fit(raw);
        var train = standardiser.Apply(raw);
        var projections = new float[]?[train.Modalities.Count];
        var eraser = new ConfounderEraser { Standardiser = standardiser, Projections = projections };
        var numeric = DetectorInputs.Numeric(train);
        if (numeric.Length == 0)
        {
            eraser.Diagnostics["gate.open"] = "false (no numeric modality)";
            return eraser;
        }
        using var scope = NewDisposeScope();
        var score = ConfounderDetector.Score(
            train,
            DetectorInputs.Features(train),
            options.Refinements,
            seed
        );
        var instability = SiteInstability.Of(train, score.data<float>().ToArray());
        var open = options.Erasure == ConfounderErasure.Always || instability.PValue < options.GateLevel;
        eraser.Diagnostics["gate.q"] = FormattableString.Invariant($"{instability.Q:g4}");
        eraser.Diagnostics["gate.df"] = FormattableString.Invariant($"{instability.DegreesOfFreedom}");
        eraser.Diagnostics["gate.p"] = FormattableString.Invariant($"{instability.PValue:g4}");
        eraser.Diagnostics["gate.open"] = open ? "true" : "false";
        if (open)
            foreach (var m in numeric)
                projections[m] = Projection(train, m, score);
        return eraser;
    }

    /// <summary>The cohort without the erased directions; unchanged when the gate is shut.</summary>
    internal Cohort Apply(Cohort raw)
    {
        if (Projections.All(projection => projection is null))
            return raw;
        using var scope = NewDisposeScope();
        var cohort = Standardiser.Apply(raw);
        var blocks = new float[cohort.Modalities.Count][];
        for (var m = 0; m < blocks.Length; m++)
        {
            blocks[m] = cohort.Values(m).ToArray();
            if (Projections[m] is not { } projection)
                continue;
            var size = cohort.Modalities[m].Size;
            var values = tensor(blocks[m], [cohort.Count, size], ScalarType.Float32);
            var map = tensor(projection, [size, size], ScalarType.Float32);
            blocks[m] = values.mm(map.transpose(0, 1)).data<float>().ToArray();
        }
        return cohort.WithValues(blocks);
    }

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
        if (length < 1e-12)
            return null;
        direction = direction / length;
        var projection =
            eye(size, dtype: ScalarType.Float64)
            - unwhiten.mm(direction).mm(direction.transpose(0, 1)).mm(whiten);
        return projection.to(ScalarType.Float32).data<float>().ToArray();
    }
}
