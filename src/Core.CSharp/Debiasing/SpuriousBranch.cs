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
        var diagnostics = new Dictionary<string, string>();
        var erasure = Erase(train, validation, weights, options, diagnostics, seed);
        var erased = erasure.Eraser.Erased.Select(m => train.Modalities[m].Name);
        diagnostics["erased.modalities"] = string.Join(' ', erased);
        var eraser = erased.Any() ? erasure.Eraser : null;
        var scores = options.ScoreOffset ? StillReadable(erasure, weights, options, diagnostics, seed) : [];
        if (scores.Count == 0)
            return new(eraser, null, null, diagnostics);
        diagnostics["offset.scores"] = FormattableString.Invariant($"{scores.Count}");
        float[]? trainOffsets = null,
            heldOffsets = null;
        foreach (var score in scores)
        {
            var offset = new ScoreOffset(train, score.Train, trainOffsets);
            trainOffsets = Sum(trainOffsets, offset.Of(train, score.Train));
            heldOffsets = Sum(heldOffsets, offset.Of(validation, score.Held));
        }
        return new(eraser, trainOffsets, heldOffsets, diagnostics);
    }

    /// <summary>Takes out linear imprints until the gate shuts.</summary>
    private static Erasure Erase(
        Cohort train,
        Cohort validation,
        float[] weights,
        DebiasOptions options,
        Dictionary<string, string> diagnostics,
        Seed seed
    )
    {
        var standardiser = Standardiser.Fit(train);
        var erasure = new Erasure(
            standardiser.Apply(train),
            standardiser.Apply(validation),
            new ConfounderEraser(standardiser, train.Modalities.Count),
            []
        );
        var numeric = DetectorInputs.Numeric(train.Modalities).Length > 0;
        for (var round = 1; numeric && round <= MostRounds; round++)
        {
            var rows = erasure.Rows;
            using var detector = ConfounderDetector.Fit(
                rows,
                weights,
                options,
                isDeep: false,
                seed.Derive("round", round)
            );
            if (!IsOpen(detector.Evidence, options, diagnostics, $"gate.{round}"))
                break;
            var score = new Score(detector.Score(rows), detector.Score(erasure.Held));
            var found = ConfounderEraser.Fit(standardiser, rows, score.Train);
            if (!found.Erased.Any())
                break;
            erasure = new(
                found.Project(rows),
                found.Project(erasure.Held),
                erasure.Eraser.Then(found),
                [.. erasure.Scores, score]
            );
            if (options.Erasure == ConfounderErasure.Always)
                break;
        }
        return erasure;
    }

    /// <summary>
    /// The scores that a network still reads after the erasure: of those erased, or where there is none, of what a detector
    /// with a network finds.
    /// </summary>
    private static IReadOnlyList<Score> StillReadable(
        Erasure erasure,
        float[] weights,
        DebiasOptions options,
        Dictionary<string, string> diagnostics,
        Seed seed
    )
    {
        var (rows, held) = (erasure.Rows, erasure.Held);
        Score[] readable = [.. erasure.Scores.Where(IsReadable)];
        if (readable.Length > 0)
            return readable;
        using var deep = ConfounderDetector.Fit(rows, weights, options, isDeep: true, seed.Derive("offset"));
        return IsOpen(deep.Evidence, options, diagnostics, "gate.offset")
            ? [new(deep.Score(rows), deep.Score(held))]
            : [];

        bool IsReadable(Score score, int position)
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

    /// <summary>A confounder's score of the training and of the validation rows.</summary>
    private sealed record Score(float[] Train, float[] Held);

    /// <summary>Standardised rows without the imprints of the scores.</summary>
    private sealed record Erasure(
        Cohort Rows,
        Cohort Held,
        ConfounderEraser Eraser,
        IReadOnlyList<Score> Scores
    );
}
