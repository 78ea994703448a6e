using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// The spurious branch: detects a confounder score, asks for evidence that it is spurious (the gate), and where the gate
/// opens prepares what takes it out of the causal branch: the erasure of its imprint from the inputs and, where a network
/// still reads it, an offset for what it tells of the outcome.
/// </summary>
/// <param name="Eraser">The erasure, or null where the gate is shut.</param>
/// <param name="TrainOffsets">One per training row, or null.</param>
/// <param name="ValidationOffsets">One per validation row, or null.</param>
/// <param name="Diagnostics">What the gate saw.</param>
internal sealed record SpuriousBranch(
    ConfounderEraser? Eraser,
    float[]? TrainOffsets,
    float[]? ValidationOffsets,
    IReadOnlyDictionary<string, string> Diagnostics
)
{
    private const int MostRounds = 3;

    /// <summary>See <see cref="ErasureProbe"/>.</summary>
    private const double ReadableAuroc = 0.9;

    /// <summary>
    /// Erases linear imprints one after the other while the gate stays open. Those that a small network still reads are
    /// offset; where there are none, what a detector with such a network finds is. Predictors never see what this reads of
    /// the outcomes.
    /// </summary>
    /// <param name="train">The training rows.</param>
    /// <param name="validation">Rows whose offsets are wanted too.</param>
    /// <param name="weights">One per training row, under which pattern and outcome are independent.</param>
    /// <param name="options">Which parts are used, and the gate's level.</param>
    /// <param name="seed">Of the detectors.</param>
    internal static SpuriousBranch Fit(
        Cohort train,
        Cohort validation,
        float[] weights,
        DebiasOptions options,
        Seed seed
    )
    {
        var standardiser = Standardiser.Fit(train);
        var (rows, held) = (standardiser.Apply(train), standardiser.Apply(validation));
        var diagnostics = new Dictionary<string, string>();
        var eraser = new ConfounderEraser(standardiser, rows.Modalities.Count);
        var erased = new List<(float[] Train, float[] Held)>();
        var numeric = DetectorInputs.Numeric(rows.Modalities).Length > 0;
        for (var round = 1; numeric && round <= MostRounds; round++)
        {
            using var detector = ConfounderDetector.Fit(
                rows,
                weights,
                options,
                false,
                seed.Derive("round", round)
            );
            if (!IsOpen(detector.Evidence, options, diagnostics, $"gate.{round}"))
                break;
            var score = detector.Score(rows);
            var found = ConfounderEraser.Fit(standardiser, rows, score);
            if (!found.Erased.Any())
                break;
            erased.Add((score, detector.Score(held)));
            eraser = eraser.Then(found);
            rows = found.Project(rows);
            held = found.Project(held);
            if (options.Erasure == ConfounderErasure.Always)
                break;
        }
        diagnostics["erased.modalities"] = string.Join(
            ' ',
            eraser.Erased.Select(m => train.Modalities[m].Name)
        );
        var kept = eraser.Erased.Any() ? eraser : null;
        if (!options.ScoreOffset)
            return new(kept, null, null, diagnostics);
        (float[] Train, float[] Held)[] scores = [.. erased.Where(IsReadable)];
        if (scores.Length == 0)
        {
            using var deep = ConfounderDetector.Fit(rows, weights, options, true, seed.Derive("offset"));
            if (!IsOpen(deep.Evidence, options, diagnostics, "gate.offset"))
                return new(kept, null, null, diagnostics);
            scores = [(deep.Score(rows), deep.Score(held))];
        }
        diagnostics["offset.scores"] = FormattableString.Invariant($"{scores.Length}");
        float[]? trainOffsets = null,
            heldOffsets = null;
        foreach (var score in scores)
        {
            var offset = new ScoreOffset(train, score.Train, trainOffsets);
            trainOffsets = Sum(trainOffsets, offset.Of(train, score.Train));
            heldOffsets = Sum(heldOffsets, offset.Of(validation, score.Held));
        }
        return new(kept, trainOffsets, heldOffsets, diagnostics);

        bool IsReadable((float[] Train, float[] Held) score, int position)
        {
            var name = $"erased.{position + 1}.auroc";
            var auroc = ErasureProbe.Auroc(rows, score.Train, held, score.Held, seed.Derive(name));
            diagnostics[name] = FormattableString.Invariant($"{auroc:f3}");
            return auroc > ReadableAuroc;
        }
    }

    private static float[] Sum(float[]? left, float[] right) =>
        left is null ? right : [.. left.Zip(right, (a, b) => a + b)];

    private static bool IsOpen(
        SpuriousEvidence evidence,
        DebiasOptions options,
        Dictionary<string, string> diagnostics,
        string name
    )
    {
        var open = options.Erasure == ConfounderErasure.Always || evidence.Suffices(options.GateLevel);
        diagnostics[$"{name}.q"] = FormattableString.Invariant($"{evidence.Instability.Q:g4}");
        diagnostics[$"{name}.df"] = FormattableString.Invariant($"{evidence.Instability.DegreesOfFreedom}");
        diagnostics[$"{name}.p"] = FormattableString.Invariant($"{evidence.PValue:g4}");
        diagnostics[$"{name}.bimodality"] = FormattableString.Invariant($"{evidence.Bimodality:f3}");
        diagnostics[$"{name}.open"] = open ? "true" : "false";
        return open;
    }
}
