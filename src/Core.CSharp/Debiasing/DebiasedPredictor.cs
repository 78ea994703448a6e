using System.Text.Json;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Debiasing;
using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;
using CausalDebiasing.Training;

namespace CausalDebiasing;

/// <summary>A predictor with the add-on around it; made by <see cref="CausalDebias.Wrap"/>.</summary>
public sealed class DebiasedPredictor : IPredictor
{
    private readonly IPredictor inner;
    private readonly NeuralPredictor? identification;
    private readonly DebiasOptions options;
    private readonly bool neural;
    private readonly bool standardise;
    private readonly Dictionary<string, string> diagnostics = [];
    private SpuriousBranch? branch;
    private PatternOffset? patternOffset;
    private State? state;

    internal DebiasedPredictor(IPredictor predictor, DebiasOptions options)
    {
        this.options = options;
        var network = (predictor as NeuralComposite)?.Network ?? predictor as NeuralPredictor;
        inner = predictor switch
        {
            NeuralPredictor alone => Debias(alone),
            NeuralComposite composite => composite.Around(Debias(composite.Network)),
            _ => predictor,
        };
        identification = network is null ? null : JustTrainTwice.Identification(network);
        neural = network is not null;
        standardise = !neural && options.Adjustment != PatternAdjustment.None;
    }

    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <summary>The predictor inside, with debiasing head and batches when it is a neural network.</summary>
    public IPredictor Inner => inner;

    /// <summary>
    /// What the fit found: <c>patterns.kept</c>; <c>weights.ess</c> (effective sample size as a share of the rows), where
    /// rows are weighted; for
    /// each round of the spurious branch (<c>1</c>, <c>2</c>, <c>3</c>, <c>offset</c>) <c>gate.ROUND.q</c>,
    /// <c>.df</c>, <c>.p</c>, <c>.bimodality</c> and <c>.open</c>; <c>erased.modalities</c>; <c>erased.ROUND.auroc</c>, with
    /// which a small network still reads the erased score; <c>offset.scores</c>, how many became an offset of the logit, where
    /// any did; <c>recalibration.slope</c>
    /// and <c>.intercept</c> of the interventional logit, <c>recalibration.share</c> of the pattern's log odds where they are
    /// kept; <c>jtt.errors</c> (share of
    /// the rows that the first model got wrong); <c>warnings</c>, those of <see cref="Warnings"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Diagnostics => diagnostics;

    /// <summary>Assumptions of the add-on that looked broken in the fit, one sentence each, with what to do.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <inheritdoc/>
    /// <exception cref="InputException">Also when an objective over sites is asked for and all rows come from one.</exception>
    public void Fit(Cohort train, Cohort validation, FitContext context)
    {
        FitChecks.Require(train, validation, context);
        RequireSites(train);
        diagnostics.Clear();
        var patterns = PatternTable.Fit(train);
        diagnostics["patterns.kept"] = FormattableString.Invariant($"{patterns.Count}");
        var seed = context.Seed;
        branch =
            options.Erasure == ConfounderErasure.None
                ? null
                : SpuriousBranch.Fit(
                    train,
                    validation,
                    PatternOffset.Fit(train, Thinning.None, seed).Weights(train),
                    options,
                    seed.Derive("eraser")
                );
        foreach (var (name, value) in branch?.Diagnostics ?? new Dictionary<string, string>())
            diagnostics[name] = value;
        state = new(branch?.Eraser, patterns, new());
        var weights = context.SampleWeights;
        if (options.Weighting == RowWeighting.Propensity)
            weights = Product(PatternPropensity.Weights(train), weights);
        var (cleaned, held) = (Clean(train), Clean(validation));
        var adjusts = options.Weighting is RowWeighting.LabelBalance or RowWeighting.LogitAdjustment;
        patternOffset = adjusts ? PatternOffset.Fit(cleaned, Thinning, seed.Derive("policy")) : null;
        var recorded = adjusts ? PatternOffset.Fit(cleaned, Thinning.None, seed) : null;
        if (options.JustTrainTwice)
            weights = Product(UpWeights(cleaned, held, context with { SampleWeights = weights }), weights);
        if (!neural && !TakesOffsets && branch?.TrainOffsets is { } offsets)
            weights = Product(ScoreOffset.Weights(train, offsets), weights);
        ReportEffectiveSampleSize(cleaned, weights);
        var rows = cleaned;
        float[]? known = null;
        if (!neural)
            (rows, weights, known) = AugmentedCohort.Of(
                cleaned,
                Thinning,
                patternOffset,
                PatternIsOffset,
                weights,
                TakesOffsets ? branch?.TrainOffsets : null,
                seed.Derive("policy")
            );
        var own = context with
        {
            SampleWeights = weights,
            Offsets = known,
            ValidationOffsets = known is null ? null : ValidationOffsets(held),
            ValidationWeights = recorded is null
                ? context.ValidationWeights
                : Product(recorded.Weights(held), context.ValidationWeights),
        };
        inner.Fit(Extend(rows), Extend(held), own);
        Warnings = [.. AssumptionChecks.Of(train, options, diagnostics)];
        if (Warnings.Count > 0)
            diagnostics["warnings"] = string.Join(" ", Warnings);
        if (patternOffset is not null)
            Deploy(
                PatternDeployment.Fit(
                    held,
                    Own,
                    patternOffset,
                    recorded!,
                    branch?.ValidationOffsets,
                    options,
                    seed
                )
            );
    }

    /// <inheritdoc/>
    /// <remarks>
    /// With <see cref="PatternUse.KeptAsInTraining"/> the rows are judged together, so that a patient's probability may
    /// depend on who is predicted with it: see <see cref="ComparePatterns"/>.
    /// </remarks>
    public float[] PredictProbability(Cohort cohort)
    {
        var cleaned = Clean(cohort);
        var own = Own(cleaned);
        return state!.Deployment.Predict(cleaned, own, options.Patterns);
    }

    /// <summary>
    /// Whether these patients relate risk and missingness pattern as the training patients did; null where the options
    /// do not balance labels. Needs no outcomes.
    /// </summary>
    public PatternShift? ComparePatterns(Cohort deployment)
    {
        var cleaned = Clean(deployment);
        var own = Own(cleaned);
        return state!.Deployment.Compare(cleaned, own);
    }

    /// <inheritdoc/>
    public void Save(Stream destination)
    {
        if (state is null)
            throw new InvalidOperationException($"'{Name}' has not been fitted; there is nothing to save.");
        using (var writer = new BinaryWriter(destination, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Magic);
            writer.Write(JsonSerializer.Serialize(options));
            writer.Write(JsonSerializer.Serialize(state));
        }
        inner.Save(destination);
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">The stream was not written by a predictor wrapped with the same options.</exception>
    public void Load(Stream source)
    {
        using (var reader = new BinaryReader(source, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            try
            {
                if (reader.ReadString() != Magic)
                    throw new InvalidDataException();
                if (reader.ReadString() != JsonSerializer.Serialize(options))
                    throw new InputException(
                        $"The checkpoint of '{Name}' was wrapped with other options; wrap with the same before loading."
                    );
                state = JsonSerializer.Deserialize<State>(reader.ReadString());
            }
            catch (Exception problem) when (problem is IOException or InvalidDataException or JsonException)
            {
                throw new InputException(
                    $"The checkpoint does not hold a wrapped '{Name}' or is cut short; save it again."
                );
            }
        }
        inner.Load(source);
    }

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();

    /// <summary>What the predictor inside gives, before recalibration.</summary>
    private float[] Own(Cohort cleaned)
    {
        if (state is null)
            throw new InvalidOperationException($"'{Name}' has not been fitted; call Fit or Load first.");
        return standardise
            ? PatternStandardisation.Marginal(inner, cleaned, state.Patterns, options.UniformPatternPrior)
            : inner.PredictProbability(cleaned);
    }

    private void Deploy(PatternDeployment deployment)
    {
        state = state! with { Deployment = deployment };
        if (!options.Recalibrate)
            return;
        var (interventional, factual) = (deployment.Interventional, deployment.Factual);
        diagnostics["recalibration.slope"] = FormattableString.Invariant($"{interventional.Slope:f3}");
        diagnostics["recalibration.intercept"] = FormattableString.Invariant(
            $"{interventional.Intercept:f3}"
        );
        diagnostics["recalibration.share"] = FormattableString.Invariant($"{factual.Share:f3}");
    }

    private Thinning Thinning => new(options.ModalityDrop, options.ModalityDropSpread);

    private const string Magic = "causaldebias-wrapped-1";

    private NeuralPredictor Debias(NeuralPredictor network) =>
        network.With(
            MakeHead,
            MakePolicy,
            training => training with { Selection = options.Selection ?? training.Selection }
        );

    private Cohort Clean(Cohort cohort) => state?.Eraser?.Apply(cohort) ?? cohort;

    private Cohort Extend(Cohort cohort) => standardise ? PatternStandardisation.Extend(cohort) : cohort;

    private Head MakeHead(HeadContext context) =>
        options switch
        {
            { Branch: BranchMethod.RelativeDifficulty } => new DualBranchHead(context, options),
            { Branch: BranchMethod.AttentionSplit } => new AttentionSplitHead(context),
            { GroupObjective: not GroupObjective.None } => new GroupObjectiveHead(
                context,
                options.GroupObjective
            ),
            { Adjustment: not PatternAdjustment.None } => new AdjustedHead(context, options),
            { WideHead: true } => new WideHead(context),
            _ => new PlainHead(context),
        };

    /// <summary>Whether a predictor other than a network takes known parts of the logit rather than weights.</summary>
    private bool TakesOffsets => !neural && inner.HonoursOffsets;

    /// <summary>Whether what a pattern tells of the outcome is a part of the logit for the predictor inside.</summary>
    private bool PatternIsOffset =>
        options.Weighting == RowWeighting.LogitAdjustment && (neural || TakesOffsets);

    private float[] ValidationOffsets(Cohort held)
    {
        var pattern = PatternIsOffset ? patternOffset?.Of(held) : null;
        return
        [
            .. Enumerable
                .Range(0, held.Count)
                .Select(row => (float)(pattern?[row] ?? 0) + (branch?.ValidationOffsets?[row] ?? 0)),
        ];
    }

    private IBatchPolicy? MakePolicy(Cohort train, Seed seed) =>
        patternOffset is null && !Thinning.IsActive && branch?.TrainOffsets is null
            ? null
            : new AdjustedBatches(
                train,
                Thinning,
                patternOffset,
                PatternIsOffset,
                branch?.TrainOffsets,
                branch?.ValidationOffsets
            );

    private float[] UpWeights(Cohort train, Cohort validation, FitContext context)
    {
        var errors = JustTrainTwice.Errors(identification ?? inner, train, validation, context);
        identification?.Dispose();
        var share = errors.Average(isError => isError ? 1.0 : 0);
        diagnostics["jtt.errors"] = FormattableString.Invariant($"{share:f3}");
        return JustTrainTwice.Weights(errors);
    }

    private void RequireSites(Cohort train)
    {
        if (options.NeedsSites && train.Sites.ToArray().Distinct().Count() < 2)
            throw new InputException(
                $"The {options.GroupObjective} objective compares sites, and all {train.Count} training rows come from '{train.SiteNames[train.Sites[0]]}'; give rows of several sites."
            );
    }

    private void ReportEffectiveSampleSize(Cohort train, float[]? weights)
    {
        if (patternOffset is not null && !PatternIsOffset)
            weights = Product(patternOffset.Weights(train), weights);
        if (weights is null)
            return;
        var sum = weights.Sum(weight => (double)weight);
        var share = sum * sum / weights.Sum(weight => (double)weight * weight) / weights.Length;
        diagnostics["weights.ess"] = FormattableString.Invariant($"{share:f3}");
    }

    private static float[] Product(float[] own, float[]? given) =>
        given is null ? own : [.. own.Zip(given, (a, b) => a * b)];

    private sealed record State(
        ConfounderEraser? Eraser,
        PatternTable Patterns,
        PatternDeployment Deployment
    );
}
