/// What a cell reports about its fit besides the metrics on test sets.
module CausalDebiasing.Bench.Running.Diagnostic

open System
open System.Globalization
open CausalDebiasing
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Cohorts
open CausalDebiasing.Debiasing
open CausalDebiasing.Metrics
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime
open MathNet.Numerics
open MathNet.Numerics.Random

/// Number of trainable parameters of the fitted network.
let parameters = "parameters"

/// Mean log loss on the validation rows, by which hyper-parameters are chosen.
let validationLogLoss = "validation.log-loss"

/// Range of the AUROC over random orders of the first test set's patients; only for methods whose predictions depend on
/// the patients that they are evaluated with.
let orderSpreadName = "order.auroc-spread"

let private orders = 5

/// A number as it is written into a diagnostic.
let number (value: float) =
    value.ToString("R", CultureInfo.InvariantCulture)

/// The number that a diagnostic holds; none where it was not reported.
let tryNumber name (result: CellResult) =
    Map.tryFind name result.Diagnostics
    |> Option.map (fun text -> Double.Parse(text, CultureInfo.InvariantCulture))

/// Patients without what must not be known at test time: all outcomes 0, all from one site.
let private blind (cohort: Cohort) =
    cohort.WithLabels(Array.zeroCreate cohort.Count).WithSites(Array.zeroCreate cohort.Count, [ "hidden" ])

/// What is predicted for patients, and how.
type Explained = {
    Probabilities: float32[]
    /// What would be without recalibration; None where nothing is recalibrated.
    BeforeRecalibration: float32[] option
    /// Where the add-on tells what patterns tell apart from the rest: whether it kept that, and why.
    Reason: string option
}

/// Probabilities for patients without what must not be known at test time. The patients of a test are a deployment of their own,
/// for which a wrapped predictor decides what it keeps.
let predictExplained (predictor: IPredictor) (cohort: Cohort) =
    match predictor with
    | :? DebiasedPredictor as debiased ->
        let predicted = debiased.Predict(blind cohort)

        {
            Probabilities = predicted.Probabilities
            BeforeRecalibration = Option.ofObj predicted.BeforeRecalibration
            Reason =
                if predicted.Pattern = PatternPart.NotSeparated then
                    None
                else
                    Some predicted.Reason
        }
    | _ -> {
        Probabilities = predictor.PredictProbability(blind cohort)
        BeforeRecalibration = None
        Reason = None
      }

/// The probabilities alone.
let predictBlind predictor cohort =
    (predictExplained predictor cohort).Probabilities

/// Name of why predictions of a test condition keep or leave out what patterns tell.
let patternName (condition: string) = $"pattern.{condition}"

/// Mean log loss.
let logLoss predictor (cohort: Cohort) =
    MetricSet.Of(cohort.Labels, predictBlind predictor cohort).LogLoss

/// Largest minus smallest AUROC over five random orders of the patients, the same orders for every predictor.
let orderSpread predictor (cohort: Cohort) =
    let aurocs = [
        for order in 1..orders ->
            let random = Xoshiro256StarStar(Seed(0UL).Derive("order", order).ToInt32())

            let shuffled =
                cohort.Select(Combinatorics.GeneratePermutation(cohort.Count, random))

            Auroc.Compute(shuffled.Labels, ReadOnlySpan(predictBlind predictor shuffled))
    ]

    List.max aurocs - List.min aurocs

/// Fewer events, or rows without the event, say little.
let fewestEvents = 10

/// Name of what must be said with the numbers of a test condition.
let caveatName (condition: string) = $"caveat.{condition}"

/// What must be said with numbers from the test rows: one outcome class, or few events; None if nothing.
let caveat (tested: Cohort) =
    let events = tested.Labels.ToArray() |> Array.sumBy int
    let others = tested.Count - events

    if min events others = 0 then
        Some "one outcome class"
    elif events < fewestEvents then
        Some $"fewer than {fewestEvents} events"
    elif others < fewestEvents then
        Some $"fewer than {fewestEvents} rows without the event"
    else
        None
