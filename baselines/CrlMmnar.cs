using CausalDebiasing.Catalogue;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;
using CausalDebiasing.Training;

namespace CausalDebiasing.Baselines;

/// <summary>
/// CRL-MMNAR, reduced (arXiv 2509.17228; repository CausalMLResearch/CRL-MMNAR): missingness-aware fusion
/// (<see cref="MissingnessAwareFusion"/>) with reconstruction (0.2) and pattern (0.2) losses, then a rectifier that
/// subtracts each pattern's mean error, p - Delta_r (<see cref="PatternRectifier"/>).
/// </summary>
/// <remarks>
/// Deviations: the rectifier is fitted on the validation rows (released code: on the test predictions that it then
/// scores, with factors per pattern set by hand) and has no second shrinkage by variance; reconstruction and pattern
/// losses act during training instead of in pre-training; the pattern is predicted as M bits, since there are up to
/// 2^M - 1 patterns; attention to a pattern embedding with identical keys is the additive vector it amounts to;
/// the mean error is weighted where validation rows have weights, else the rectifier would bring back what the add-on took
/// out; no contrastive, focal or multi-task losses, no label smoothing; d = 32 instead of 128.
/// </remarks>
[Baseline(
    "crl-mmnar",
    Title = "CRL-MMNAR, reduced",
    Year = 2025,
    Paper = "arXiv:2509.17228",
    Family = BaselineFamily.Causal
)]
[Hyperparameter("width", 32, 16, 128, Logarithmic = true, Step = 8)]
[Hyperparameter("lr", 2e-3, 1e-4, 1e-2, Logarithmic = true)]
public sealed class CrlMmnar : NeuralComposite
{
    private PatternRectifier? rectifier;

    /// <summary>An unfitted predictor.</summary>
    public CrlMmnar(Hyperparameters hyperparameters)
        : this(
            new NeuralPredictor(
                "crl-mmnar",
                context => new MissingnessAwareFusion(context),
                TrainingOptions.From(hyperparameters),
                hyperparameters
            )
        ) { }

    private CrlMmnar(NeuralPredictor network)
        : base(network) { }

    /// <inheritdoc/>
    public override NeuralComposite Around(NeuralPredictor other) => new CrlMmnar(other);

    /// <inheritdoc/>
    public override void Fit(Cohort train, Cohort validation, FitContext context)
    {
        void FitBoth()
        {
            base.Fit(train, validation, context);
            rectifier = PatternRectifier.Fit(
                Patterns(validation),
                base.PredictProbability(validation),
                validation.Labels.ToArray(),
                context.ValidationWeights
            );
        }
        Refit.AllOrNothing(rectifier is not null, base.Save, base.Load, FitBoth);
    }

    /// <inheritdoc/>
    public override float[] PredictProbability(Cohort cohort) =>
        FitChecks.RequireFitted(rectifier, Name).Apply(Patterns(cohort), base.PredictProbability(cohort));

    /// <inheritdoc/>
    public override void Save(Stream destination)
    {
        var fitted = FitChecks.RequireFitted(rectifier, Name);
        SealedContent.Write(destination, Kind, Version, $"'{Name}'", writer => writer.WriteJson(fitted));
        base.Save(destination);
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">The stream does not hold what <see cref="Save"/> wrote.</exception>
    public override void Load(Stream source)
    {
        var loaded = SealedContent.Read(
            source,
            Kind,
            Version,
            $"The checkpoint of '{Name}'",
            reader => reader.ReadJson<PatternRectifier?>()
        );
        base.Load(source);
        rectifier = loaded;
    }

    private const string Kind = "causaldebias-crl-mmnar";
    private const int Version = 2;

    private static int[] Patterns(Cohort cohort) =>
        [.. Enumerable.Range(0, cohort.Count).Select(cohort.Pattern)];
}
