using CausalDebiasing.Cohorts;
using CausalDebiasing.Debiasing;
using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;

namespace CausalDebiasing;

/// <summary>A predictor with the add-on around it; made by <see cref="CausalDebias.Wrap"/>.</summary>
public sealed class DebiasedPredictor : IPredictor
{
    private readonly InnerPredictor inner;
    private FittedDebiasing? fitted;

    internal DebiasedPredictor(IPredictor predictor, DebiasOptions options)
    {
        Options = options;
        Recipe = predictor.Recipe;
        inner = new(predictor, options);
    }

    /// <inheritdoc/>
    public string Name => Inner.Name;

    /// <inheritdoc/>
    public BaselineRecipe? Recipe { get; }

    /// <summary>What it was wrapped with.</summary>
    public DebiasOptions Options { get; }

    /// <summary>The predictor inside, with debiasing head and batches when it is a neural network.</summary>
    public IPredictor Inner => inner.Predictor;

    /// <summary>
    /// What the fit found, as text; empty before a fit, and stored with the model. <c>patterns.kept</c>; <c>weights.ess</c>
    /// (effective sample size as a share of the rows), where rows are weighted; <c>practice.count</c>, how many hidden practices are offset, and for each that was looked for
    /// (<c>1</c>, <c>2</c>) <c>practice.ROUND.kinds</c>, <c>.states</c>, <c>.z</c>, <c>.z.states</c>, <c>.separations</c>,
    /// <c>.q</c>, <c>.df</c>, <c>.p</c>, <c>.own.covariance</c>, <c>.own.sites</c>, <c>.own.outcomes</c>, <c>.recorded</c>, <c>.along.states</c>, <c>.left.at.same.risk</c> and
    /// <c>.doubt</c>, why it is not offset; <c>practice.cost.fit</c>, <c>.id</c> and <c>.out</c>, how well practice as found
    /// predicts the outcomes of validation rows (a z-score: it is left in below -2) and the AUROC that leaving it out costs
    /// there and at sites left out, both of logistic regressions; <c>patterns.cost.fit</c>, <c>.id</c> and <c>.out</c>, the same
    /// of what missingness patterns tell, which is only warned of; <c>recalibration.slope</c>
    /// and <c>.intercept</c> of the interventional logit, <c>recalibration.share</c> of the pattern's log odds where they are
    /// kept; <c>jtt.errors</c> (share of
    /// the rows that the first model got wrong); <c>warnings</c>, those of <see cref="Warnings"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Diagnostics =>
        fitted?.Found.ByName() ?? new OrderedDictionary<string, string>();

    /// <summary>The hidden practices that the fit looked for, in order; empty before a fit, and stored with the model.</summary>
    public IReadOnlyList<PracticeFinding> Practices => fitted?.Found.Practices.AsReadOnly() ?? [];

    /// <summary>Assumptions of the add-on that looked broken in the fit, with what to do; stored with the model.</summary>
    public IReadOnlyList<FitWarning> Warnings => fitted?.Found.Warnings ?? [];

    /// <summary>What <see cref="DeployTo"/> decided; null before it was called, and after another fit.</summary>
    public DeploymentDecision? Deployment => fitted?.Decision;

    /// <inheritdoc/>
    /// <exception cref="InputException">Also when an objective over sites is asked for and all rows come from one.</exception>
    public void Fit(Cohort train, Cohort validation, FitContext context)
    {
        FitChecks.Require(train, validation, context);
        RequireSites(train);
        TorchRuntime.EnsureLoadable();
        Refit.AllOrNothing(
            fitted is not null,
            Inner.Save,
            Inner.Load,
            () => fitted = WrappedFit.Run(inner, Options, train, validation, context)
        );
    }

    /// <inheritdoc/>
    /// <remarks>Those of <see cref="Predict"/>.</remarks>
    public float[] PredictProbability(Cohort cohort) => Predict(cohort).Probabilities;

    /// <summary>
    /// P(y = 1) for each row, and whether what missingness patterns tell is in it: what <see cref="DeployTo"/> decided, and then
    /// it does not matter who is predicted together (unless to a predictor inside that sees the batch as a whole). Before that
    /// these rows are judged as a deployment of their own, which asks the predictor inside three times. Fewer than
    /// <see cref="PatternShift.LeastPatients"/> cannot show whether measuring has changed: what patterns tell is then kept for a predictor
    /// that reads them without the add-on, and left out for any other (<see cref="PatternUse.KeptAsInTraining"/>).
    /// </summary>
    /// <param name="cohort">n rows with the modalities of the training rows, in the same order.</param>
    /// <exception cref="InvalidOperationException">The predictor has not been fitted or loaded.</exception>
    /// <exception cref="InputException">The modalities are others.</exception>
    public DebiasedPrediction Predict(Cohort cohort)
    {
        var learnt = Fitted(cohort);
        return learnt.Predict(cohort, rows => inner.Predict(rows, learnt.Patterns), inner.PatternChoice);
    }

    /// <summary>
    /// Decides once, for all predictions to come, whether they keep what missingness patterns tell of the outcome, by what the
    /// reference patients show: see <see cref="PatternUse.KeptAsInTraining"/> and <see cref="PatternShift"/>. The decision, its
    /// evidence and what <see cref="CheckDrift"/> compares with are stored with the model; another call decides anew.
    /// </summary>
    /// <param name="reference">
    /// Patients as those to predict for, from there and measured as there; outcomes and sites are not looked at. Below
    /// <see cref="PatternShift.LeastPatients"/> they cannot show it.
    /// </param>
    /// <exception cref="InvalidOperationException">The predictor has not been fitted or loaded.</exception>
    /// <exception cref="InputException">The modalities are others, or there is no row.</exception>
    public DeploymentDecision DeployTo(Cohort reference)
    {
        var (learnt, rows) = Judge(reference);
        var decision = DeploymentDecision.Of(reference, rows.Risk, rows.Shift, inner.PatternChoice);
        fitted = learnt with { Decision = decision };
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
        var (learnt, rows) = Judge(recent);
        return DeploymentDrift.Of(
            learnt.Decision
                ?? throw new InvalidOperationException(
                    $"No deployment of '{Name}' was decided on; call DeployTo first."
                ),
            recent,
            rows.Risk,
            rows.Shift
        );
    }

    /// <summary>
    /// Whether these patients relate risk and missingness pattern as the training patients did; null where the options
    /// do not balance labels. Needs no outcomes.
    /// </summary>
    /// <param name="deployment">The patients to predict for, taken together.</param>
    /// <exception cref="InvalidOperationException">The predictor has not been fitted or loaded.</exception>
    /// <exception cref="InputException">The modalities are others, or there is no row.</exception>
    public PatternShift? ComparePatterns(Cohort deployment) => Judge(deployment).Rows.Shift;

    /// <summary>
    /// For which rows the predictor inside may be asked besides the patients themselves where these are judged as a deployment (with
    /// <see cref="PatternUse.KeptAsInTraining"/>): the same patients, 4,000 at most, with fewer modalities, in two versions, always the
    /// same for the same patients. For predictors whose answers are made beforehand, outside of this process.
    /// </summary>
    /// <param name="deployment">The patients, at least one.</param>
    /// <exception cref="InputException">There is no row.</exception>
    public static IReadOnlyList<Cohort> WithFewerModalities(Cohort deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        RequireRows(deployment);
        return SamePatients.WithLess(deployment);
    }

    private static void RequireRows(Cohort cohort)
    {
        if (cohort.Count == 0)
            throw new InputException("There is no patient to look at; give a cohort with rows.");
    }

    private (FittedDebiasing Learnt, JudgedRows Rows) Judge(Cohort cohort)
    {
        var learnt = Fitted(cohort);
        RequireRows(cohort);
        return (learnt, learnt.Judge(cohort, rows => inner.Predict(rows, learnt.Patterns)));
    }

    private FittedDebiasing Fitted(Cohort cohort)
    {
        var learnt = FitChecks.RequireFitted(fitted, Name);
        FitChecks.RequireSchema(learnt.Modalities, cohort);
        return learnt;
    }

    /// <inheritdoc/>
    public void Save(Stream destination)
    {
        StoredDebiasing.Write(destination, Name, Options, FitChecks.RequireFitted(fitted, Name));
        Inner.Save(destination);
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">The stream was not written by a predictor wrapped with the same options.</exception>
    public void Load(Stream source)
    {
        var loaded = StoredDebiasing.Read(source, Name, Options);
        Inner.Load(source);
        fitted = loaded;
    }

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();

    private void RequireSites(Cohort train)
    {
        if (Options.NeedsSites && train.Sites.ToArray().Distinct().Count() < 2)
            throw new InputException(
                $"The {Options.GroupObjective} objective compares sites, and all {train.Count} training rows come from '{train.SiteNames[train.Sites[0]]}'; give rows of several sites."
            );
    }
}
