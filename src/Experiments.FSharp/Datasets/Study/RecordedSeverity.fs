namespace CausalDebiasing.Bench.Datasets

open MathNet.Numerics
open MathNet.Numerics.Statistics
open CausalDebiasing.Baselines
open CausalDebiasing.Cohorts
open CausalDebiasing.Catalogue
open CausalDebiasing.Predictors

/// How ill recorded patients are, as far as their numbers tell: what stands in for the latent state of a world.
module RecordedSeverity =
    /// L2 penalty of the regression on standardised features. Strong, so that the training rows, on which it is fitted, are not
    /// told apart much better than other rows.
    let private penalty = 100.

    let private regression () =
        let baselines = BaselineCatalog.Discover typeof<ZeroFillMlp>.Assembly
        BaselineCatalog.Find(baselines, "logistic").Create(Map [ "l2", penalty ])

    let private numbers =
        CohortValues.keep (fun modality -> modality.Kind <> ModalityKind.Codes)

    /// From training rows to the severity of any rows with the same modalities: the linear predictor of a ridge logistic
    /// regression of the outcome on all recorded numbers (their mean where there is none; no codes, no mask), with mean 0 and
    /// standard deviation 1 in the training rows; 0 for all when the numbers tell nothing.
    let fit (train: Cohort) : Cohort -> float[] =
        let model = regression ()
        let known = numbers train
        model.Fit(known, known, FitContext())

        let score cohort =
            numbers cohort
            |> model.PredictProbability
            |> Array.map (fun p -> SpecialFunctions.Logit(min 0.999999 (max 0.000001 (float p))))

        let struct (mean, sd) = ArrayStatistics.MeanStandardDeviation(score train)

        fun cohort ->
            score cohort
            |> Array.map (fun value -> if sd > 0. then (value - mean) / sd else 0.)
