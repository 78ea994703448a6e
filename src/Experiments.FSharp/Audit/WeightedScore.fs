namespace CausalDebiasing.Bench.Audit

open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Measures
open MathNet.Numerics
open MathNet.Numerics.Distributions

/// Predictions of rows with their outcomes, ranked once, so that they can be scored under many weights.
type Ranked = {
    /// Every row its own unit.
    ByRow: RankedRows
    /// -log P(outcome) of every row.
    Losses: float[]
}

module Ranked =
    let private softplus x =
        if x > 0. then x + log (1. + exp -x) else log (1. + exp x)

    /// Of logits.
    let ofLogits (isEvent: bool[]) (logits: float[]) = {
        ByRow = RankedRows.ofPredictions (Array.init logits.Length id) isEvent logits
        Losses = Array.map2 (fun isEvent logit -> softplus (if isEvent then -logit else logit)) isEvent logits
    }

    /// Of probabilities, cut to [1e-6, 1 - 1e-6].
    let ofProbabilities isEvent (probabilities: float32[]) =
        probabilities
        |> Array.map (fun p -> SpecialFunctions.Logit(max 1e-6 (min (1. - 1e-6) (float p))))
        |> ofLogits isEvent

/// What predictions are worth where rows count differently.
module WeightedScore =
    /// Mean log loss.
    let logLoss (ranked: Ranked) (weights: float[]) =
        let mutable sum, total = 0., 0.

        for row in 0 .. weights.Length - 1 do
            sum <- sum + weights[row] * ranked.Losses[row]
            total <- total + weights[row]

        sum / total

    /// Probability that a row with the event is ranked above one without, both drawn by weight; ties count one half.
    let auroc (ranked: Ranked) (weights: float[]) = RankedRows.auroc weights ranked.ByRow

    let private reach = Normal.InvCDF(0., 1., 0.975)

    /// A value with the normal interval that the standard deviation of its bootstrap replicates gives.
    let estimate count value (replicates: float[]) =
        let finite = replicates |> Array.filter System.Double.IsFinite |> List.ofArray
        let half = reach * Statistics.sd finite

        {
            Count = count
            Mean = value
            Sd = nan
            Low = value - half
            High = value + half
        }

    /// The AUROC and its interval over patients.
    let aurocOver (draws: float[][]) (ranked: Ranked) =
        draws
        |> Array.map (auroc ranked)
        |> estimate ranked.Losses.Length (auroc ranked (Array.create ranked.Losses.Length 1.))

    /// The difference of two AUROCs of the same rows, and its interval over patients.
    let differenceOver (draws: float[][]) (ranked: Ranked) (other: Ranked) =
        let difference weights =
            auroc ranked weights - auroc other weights

        draws
        |> Array.map difference
        |> estimate ranked.Losses.Length (difference (Array.create ranked.Losses.Length 1.))
