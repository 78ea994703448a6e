using CausalDebiasing.Cohorts;
using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;
using CausalDebiasing.Training;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// The third step of a fit: the predictor inside learns. A network has debiasing head and batches; any other gets rows that
/// are augmented, weighted or offset, and with their pattern among the inputs where that is adjusted for.
/// </summary>
internal sealed class InnerPredictor : IDisposable
{
    private readonly DebiasOptions options;
    private readonly NeuralPredictor? first;
    private KnownLogit? known;

    /// <param name="given">Not fitted.</param>
    /// <param name="options">What it is wrapped with.</param>
    internal InnerPredictor(IPredictor given, DebiasOptions options)
    {
        this.options = options;
        Predictor = given switch
        {
            NeuralPredictor network => Debias(network),
            NeuralComposite composite => composite.Around(Debias(composite.Network)),
            _ => given,
        };
        var plain = (given as NeuralComposite)?.Network ?? given as NeuralPredictor;
        first = plain is null ? null : JustTrainTwice.Identification(plain);
    }

    /// <summary>As it is fitted.</summary>
    internal IPredictor Predictor { get; }

    /// <summary>Whether it is a neural network.</summary>
    internal bool IsNetwork => first is not null;

    /// <summary>How it is decided whether predictions keep what the missingness pattern tells.</summary>
    internal PatternChoice PatternChoice => new(options.Patterns, IsNetwork || Predictor.ReadsPattern);

    /// <summary>Which known parts of the logit it takes as offsets.</summary>
    internal OffsetParts OffsetParts
    {
        get
        {
            var takes = IsNetwork || Predictor.HonoursOffsets;
            return new(takes && options.Weighting == RowWeighting.LogitAdjustment, takes);
        }
    }

    /// <summary>Whether the first of two trainings gets a row wrong, [n].</summary>
    internal bool[] FirstErrors(Cohort train, Cohort validation, FitContext context)
    {
        var errors = JustTrainTwice.Errors(first ?? Predictor, train, validation, context);
        first?.Dispose();
        return errors;
    }

    /// <summary>Fits it.</summary>
    /// <param name="train">The training rows.</param>
    /// <param name="validation">The validation rows.</param>
    /// <param name="logit">What is known of the logit of both.</param>
    /// <param name="context">With weights, and without offsets.</param>
    internal void Fit(Cohort train, Cohort validation, KnownLogit logit, FitContext context)
    {
        if (IsNetwork)
            FitNetwork(train, validation, logit, context);
        else
            FitOther(train, validation, logit, context);
    }

    private void FitNetwork(Cohort train, Cohort validation, KnownLogit logit, FitContext context)
    {
        known = logit;
        try
        {
            Predictor.Fit(train, validation, context);
        }
        finally
        {
            known = null;
        }
    }

    private void FitOther(Cohort train, Cohort validation, KnownLogit logit, FitContext context)
    {
        var (rows, weights, offsets) = AugmentedCohort.Of(
            train,
            options.Augmentation,
            logit,
            OffsetParts,
            context.SampleWeights,
            context.Seed.Derive("policy")
        );
        Predictor.Fit(
            Extend(rows),
            Extend(validation),
            context with
            {
                SampleWeights = weights,
                Offsets = offsets,
                ValidationOffsets = offsets is null ? null : logit.OfValidation(OffsetParts),
            }
        );
    }

    /// <summary>What it gives, before recalibration, [n].</summary>
    /// <exception cref="InputException">It gives no probabilities.</exception>
    internal float[] Predict(Cohort cohort, PatternTable patterns) =>
        Standardises
            ? PatternStandardisation.Marginal(Predictor, cohort, patterns)
            : Predictor.PredictChecked(cohort);

    /// <inheritdoc/>
    public void Dispose() => Predictor.Dispose();

    private bool Standardises => !IsNetwork && options.Adjustment != PatternAdjustment.None;

    private Cohort Extend(Cohort cohort) => Standardises ? PatternStandardisation.Extend(cohort) : cohort;

    private NeuralPredictor Debias(NeuralPredictor network) =>
        network.With(
            context => Heads.Make(options.Head, context),
            MakePolicy,
            training => training with { Selection = options.Selection ?? training.Selection }
        );

    private IBatchPolicy? MakePolicy(Cohort train, Seed seed) =>
        known is null || known.IsEmpty && !options.Augmentation.IsActive
            ? null
            : new AdjustedBatches(new(options.Augmentation, train), known, OffsetParts);
}
