using System.Diagnostics;
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
    private KnownLogit? known;
    private State? state;

    internal DebiasedPredictor(IPredictor predictor, DebiasOptions options)
    {
        this.options = options;
        Recipe = predictor.Recipe;
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

    /// <inheritdoc/>
    public BaselineRecipe? Recipe { get; }

    /// <summary>What it was wrapped with.</summary>
    public DebiasOptions Options => options;

    /// <summary>The predictor inside, with debiasing head and batches when it is a neural network.</summary>
    public IPredictor Inner => inner;

    /// <summary>
    /// What the fit found, as text; empty before a fit, and stored with the model. <c>patterns.kept</c>; <c>weights.ess</c>
    /// (effective sample size as a share of the rows), where rows are weighted; <c>practice.count</c>, how many hidden practices are offset, and for each that was looked for
    /// (<c>1</c>, <c>2</c>) <c>practice.ROUND.kinds</c>, <c>.states</c>, <c>.z</c>, <c>.z.states</c>, <c>.separations</c>,
    /// <c>.q</c>, <c>.df</c>, <c>.p</c>, <c>.own.covariance</c>, <c>.own.sites</c>, <c>.own.outcomes</c>, <c>.recorded</c>, <c>.along.states</c> and
    /// <c>.doubt</c>, why it is not offset; <c>practice.cost.fit</c>, <c>.id</c> and <c>.out</c>, how well practice as found
    /// predicts the outcomes of validation rows (a z-score: it is left in below -2) and the AUROC that leaving it out costs
    /// there and at sites left out, both of logistic regressions; <c>patterns.cost.fit</c>, <c>.id</c> and <c>.out</c>, the same
    /// of what missingness patterns tell, which is only warned of; <c>recalibration.slope</c>
    /// and <c>.intercept</c> of the interventional logit, <c>recalibration.share</c> of the pattern's log odds where they are
    /// kept; <c>jtt.errors</c> (share of
    /// the rows that the first model got wrong); <c>warnings</c>, those of <see cref="Warnings"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Diagnostics =>
        state?.Found.ByName() ?? new OrderedDictionary<string, string>();

    /// <summary>Assumptions of the add-on that looked broken in the fit, with what to do; stored with the model.</summary>
    public IReadOnlyList<FitWarning> Warnings => state?.Found.Warnings ?? [];

    /// <summary>What <see cref="DeployTo"/> decided; null before it was called, and after another fit.</summary>
    public DeploymentDecision? Deployment => state?.Decision;

    /// <inheritdoc/>
    /// <exception cref="InputException">Also when an objective over sites is asked for and all rows come from one.</exception>
    public void Fit(Cohort train, Cohort validation, FitContext context)
    {
        FitChecks.Require(train, validation, context);
        RequireSites(train);
        TorchRuntime.EnsureLoadable();
        // Only where the predictor inside is fitted twice can an end in between leave it neither as before nor as after.
        using var earlier = state is not null && FitsInnerTwice ? new MemoryStream() : null;
        if (earlier is not null)
            inner.Save(earlier);
        try
        {
            FitAnew(train, validation, context);
        }
        catch when (earlier is not null)
        {
            earlier.Position = 0;
            inner.Load(earlier);
            throw;
        }
    }

    private bool FitsInnerTwice => options.JustTrainTwice && identification is null;

    private void FitAnew(Cohort train, Cohort validation, FitContext context)
    {
        var patterns = PatternTable.Fit(train);
        var seed = context.Seed;
        var clock = Stopwatch.StartNew();
        var practice = options.Practice == PracticeUse.None ? null : Practice(train, validation, context);
        using var owned = context.Shared is null ? practice : null;
        var adjusts = options.Known.Balances;
        var pattern = adjusts
            ? PatternRegression.Fit(train, Thinning, practice, seed.Derive("policy"))
            : null;
        var recorded = adjusts ? PatternRegression.Fit(train, Thinning.None, practice, seed) : null;
        known = new(train, validation, pattern, practice);
        var weights = context.SampleWeights;
        if (options.Weighting == RowWeighting.Propensity)
            weights = Product(PatternPropensity.Weights(train), weights);
        var errors = options.JustTrainTwice
            ? FirstErrors(train, validation, context with { SampleWeights = weights })
            : null;
        if (errors is not null)
            weights = Product(JustTrainTwice.Weights(errors), weights);
        var found = new FitReport
        {
            Patterns = patterns.Count,
            PatternCost = recorded is null ? null : PatternCost.Of(train, validation, recorded),
            Practice = PracticeReport.Of(practice),
            FirstErrors = errors?.Average(isError => isError ? 1.0 : 0),
            EffectiveShare = EffectiveShare(train, weights),
        };
        var rows = train;
        IReadOnlyList<float>? offsets = null;
        if (!neural)
            (rows, weights, offsets) = AugmentedCohort.Of(
                train,
                Thinning,
                known,
                OffsetParts,
                weights,
                seed.Derive("policy")
            );
        var own = context with
        {
            SampleWeights = weights,
            TimeBudget = context.TimeBudget is { } budget ? Rest(budget - clock.Elapsed) : null,
            Offsets = offsets,
            ValidationOffsets = offsets is null ? null : known.OfValidation(OffsetParts),
            ValidationWeights = recorded is null
                ? context.ValidationWeights
                : Product(recorded.Weights(validation), context.ValidationWeights),
        };
        inner.Fit(Extend(rows), Extend(validation), own);
        state = null;
        PatternDeployment deployment = pattern is null
            ? new()
            : PatternDeployment.Fit(
                validation,
                cohort => Own(cohort, patterns),
                pattern,
                recorded!,
                practice is { Count: > 0 } ? practice.OfValidation() : null,
                options.Deployment,
                seed
            );
        known = null;
        found = found with
        {
            Recalibrations = options.Recalibrate ? (deployment.Interventional, deployment.Factual) : null,
            Warnings = [.. AssumptionChecks.Of(train, options, neural, found)],
        };
        state = new([.. train.Modalities], patterns, deployment, StoredReport.Of(found));
    }

    /// <summary>Searches for half of the time there is.</summary>
    private HiddenPractice Practice(Cohort train, Cohort validation, FitContext context)
    {
        var seed = context.Seed.Derive("practice");
        HiddenPractice Search() =>
            HiddenPractice.Fit(
                train,
                validation,
                options.Practice,
                seed,
                new(context.TimeBudget / 2, context.Cancellation)
            );
        // What a budget ends is not the same twice.
        return context is { Shared: { } shared, TimeBudget: null }
            ? shared.Get((train, validation, options.Practice, seed), Search)
            : Search();
    }

    private static TimeSpan Rest(TimeSpan left) => left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <inheritdoc/>
    /// <remarks>Those of <see cref="Predict"/>.</remarks>
    public float[] PredictProbability(Cohort cohort) => Predict(cohort).Probabilities;

    /// <summary>
    /// P(y = 1) for each row, and whether what missingness patterns tell is in it: what <see cref="DeployTo"/> decided, and then
    /// it does not matter who is predicted together (unless to a predictor inside that sees the batch as a whole). Before that
    /// these rows are judged as a deployment of their own: of fewer than <see cref="PatternShift.LeastPatients"/> the pattern is
    /// left out, which holds whatever decides what is measured.
    /// </summary>
    /// <param name="cohort">n rows with the modalities of the training rows, in the same order.</param>
    /// <exception cref="InvalidOperationException">The predictor has not been fitted or loaded.</exception>
    /// <exception cref="InputException">The modalities are others.</exception>
    public DebiasedPrediction Predict(Cohort cohort)
    {
        var fitted = Fitted(cohort);
        var own = Own(cohort, fitted.Patterns);
        if (fitted.Decision is { } decision)
            return new(
                fitted.Deployment.Predict(cohort, own, decision.Pattern),
                decision.Pattern,
                decision.Reason
            );
        var shift = fitted.Deployment.Compare(cohort, fitted.Deployment.Risk(own));
        var part = PatternChoice.Part(shift, options.Patterns);
        return new(
            fitted.Deployment.Predict(cohort, own, part),
            part,
            PatternChoice.Undecided(shift, options.Patterns, cohort.Count)
        );
    }

    /// <summary>
    /// Decides once, for all predictions to come, whether they keep what missingness patterns tell of the outcome: where the
    /// reference patients relate risk and pattern as training did, see <see cref="PatternShift"/>. The decision, its
    /// evidence and what <see cref="CheckDrift"/> compares with are stored with the model; another call decides anew.
    /// </summary>
    /// <param name="reference">
    /// Patients as those to predict for, from there and measured as there; outcomes and sites are not looked at. Below
    /// <see cref="PatternShift.LeastPatients"/> the pattern is left out.
    /// </param>
    /// <exception cref="InvalidOperationException">The predictor has not been fitted or loaded.</exception>
    /// <exception cref="InputException">The modalities are others, or there is no row.</exception>
    public DeploymentDecision DeployTo(Cohort reference)
    {
        var (fitted, risk, shift) = Judge(reference);
        var decision = DeploymentDecision.Of(reference, risk, shift, options.Patterns);
        state = fitted with { Decision = decision };
        return decision;
    }

    /// <summary>
    /// Whether patients still look like those that <see cref="DeployTo"/> decided on: what is measured, which risks are
    /// predicted, and how risk and pattern relate. Needs no outcomes, and cannot tell a change of what outcomes follow.
    /// </summary>
    /// <param name="recent">Patients predicted for of late, taken together.</param>
    /// <exception cref="InvalidOperationException">
    /// The predictor has not been fitted or loaded, or no deployment was decided on.
    /// </exception>
    /// <exception cref="InputException">The modalities are others, or there is no row.</exception>
    public DeploymentDrift CheckDrift(Cohort recent)
    {
        var (fitted, risk, shift) = Judge(recent);
        return DeploymentDrift.Of(
            fitted.Decision
                ?? throw new InvalidOperationException(
                    $"No deployment of '{Name}' was decided on; call DeployTo first."
                ),
            recent,
            risk,
            shift
        );
    }

    /// <summary>
    /// Whether these patients relate risk and missingness pattern as the training patients did; null where the options
    /// do not balance labels. Needs no outcomes.
    /// </summary>
    /// <param name="deployment">The patients to predict for, taken together.</param>
    /// <exception cref="InvalidOperationException">The predictor has not been fitted or loaded.</exception>
    /// <exception cref="InputException">The modalities are others, or there is no row.</exception>
    public PatternShift? ComparePatterns(Cohort deployment) => Judge(deployment).Shift;

    private (State Fitted, float[] Risk, PatternShift? Shift) Judge(Cohort cohort)
    {
        var fitted = Fitted(cohort);
        if (cohort.Count == 0)
            throw new InputException("There is no patient to look at; give a cohort with rows.");
        var risk = fitted.Deployment.Risk(Own(cohort, fitted.Patterns));
        return (fitted, risk, fitted.Deployment.Compare(cohort, risk));
    }

    private State Fitted(Cohort cohort)
    {
        var fitted = FitChecks.RequireFitted(state, Name);
        FitChecks.RequireSchema(fitted.Modalities, cohort);
        return fitted;
    }

    /// <inheritdoc/>
    public void Save(Stream destination)
    {
        var found = FitChecks.RequireFitted(state, Name);
        SealedContent.Write(
            destination,
            Kind,
            Version,
            $"'{Name}'",
            writer =>
            {
                writer.WriteJson(options);
                writer.WriteJson(found);
            }
        );
        inner.Save(destination);
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">The stream was not written by a predictor wrapped with the same options.</exception>
    public void Load(Stream source)
    {
        var loaded = SealedContent.Read(
            source,
            Kind,
            Version,
            $"The checkpoint of '{Name}'",
            reader =>
                reader.ReadJson<DebiasOptions>() == options
                    ? reader.ReadJson<State>()
                    : throw new InputException(
                        $"The checkpoint of '{Name}' was wrapped with other options; wrap with the same before loading."
                    )
        );
        inner.Load(source);
        state = loaded;
    }

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();

    /// <summary>What the predictor inside gives, before recalibration.</summary>
    private float[] Own(Cohort cohort, PatternTable patterns) =>
        standardise
            ? PatternStandardisation.Marginal(inner, cohort, patterns)
            : inner.PredictProbability(cohort);

    private Thinning Thinning => options.Augmentation;

    private const string Kind = "causaldebias-wrapped";
    private const int Version = 4;

    private NeuralPredictor Debias(NeuralPredictor network) =>
        network.With(
            context => Heads.Make(options.Head, context),
            MakePolicy,
            training => training with { Selection = options.Selection ?? training.Selection }
        );

    private Cohort Extend(Cohort cohort) => standardise ? PatternStandardisation.Extend(cohort) : cohort;

    /// <summary>Which known parts of the logit the predictor inside takes as offsets.</summary>
    private OffsetParts OffsetParts
    {
        get
        {
            var takes = neural || inner.HonoursOffsets;
            return new(takes && options.Weighting == RowWeighting.LogitAdjustment, takes);
        }
    }

    private IBatchPolicy? MakePolicy(Cohort train, Seed seed) =>
        known is null || known.IsEmpty && !Thinning.IsActive
            ? null
            : new AdjustedBatches(Thinning, known, OffsetParts);

    /// <summary>Whether the first of two trainings gets a row wrong, [n].</summary>
    private bool[] FirstErrors(Cohort train, Cohort validation, FitContext context)
    {
        var errors = JustTrainTwice.Errors(identification ?? inner, train, validation, context);
        identification?.Dispose();
        return errors;
    }

    private void RequireSites(Cohort train)
    {
        if (options.NeedsSites && train.Sites.ToArray().Distinct().Count() < 2)
            throw new InputException(
                $"The {options.GroupObjective} objective compares sites, and all {train.Count} training rows come from '{train.SiteNames[train.Sites[0]]}'; give rows of several sites."
            );
    }

    /// <summary>Effective sample size as a share of the rows; null where they are not weighted.</summary>
    private double? EffectiveShare(Cohort train, IReadOnlyList<float>? weights)
    {
        if (known!.HasWeights(OffsetParts))
        {
            int[] rows = [.. Enumerable.Range(0, train.Count)];
            weights = Product(known.Weights(rows, [.. rows.Select(train.Pattern)], OffsetParts), weights);
        }
        if (weights is null)
            return null;
        var sum = weights.Sum(weight => (double)weight);
        return sum * sum / weights.Sum(weight => (double)weight * weight) / weights.Count;
    }

    private static float[] Product(float[] own, IReadOnlyList<float>? given) =>
        given is null ? own : [.. own.Zip(given, (a, b) => a * b)];

    private sealed record State(
        Modality[] Modalities,
        PatternTable Patterns,
        PatternDeployment Deployment,
        StoredReport Found
    )
    {
        public DeploymentDecision? Decision { get; init; }
    }
}
