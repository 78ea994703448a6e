namespace CausalDebiasing.Bench.Audit

open CausalDebiasing.Bench.Evidence
open MathNet.Numerics
open MathNet.Numerics.Distributions

/// Predictions of rows with their outcomes, ranked once, so that they can be scored under many weights.
type Ranked = {
    IsEvent: bool[]
    /// -log P(outcome) of every row.
    Losses: float[]
    /// Rows by rising prediction.
    Order: int[]
    /// Whether the prediction at a place in the order is that of the place before.
    IsTied: bool[]
}

module Ranked =
    let private softplus x =
        if x > 0. then x + log (1. + exp -x) else log (1. + exp x)

    /// Of logits.
    let ofLogits (isEvent: bool[]) (logits: float[]) =
        let order = Array.init logits.Length id
        Array.sortInPlaceBy (fun row -> logits[row]) order

        {
            IsEvent = isEvent
            Losses =
                Array.map2 (fun isEvent logit -> softplus (if isEvent then -logit else logit)) isEvent logits
            Order = order
            IsTied =
                order
                |> Array.mapi (fun place row -> place > 0 && logits[row] = logits[order[place - 1]])
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
    let auroc (ranked: Ranked) (weights: float[]) =
        let mutable below, ordered, events = 0., 0., 0.
        let mutable tiedEvents, tiedOthers = 0., 0.

        for place in 0 .. ranked.Order.Length - 1 do
            if not ranked.IsTied[place] then
                ordered <- ordered + tiedEvents * (below + tiedOthers / 2.)
                below <- below + tiedOthers
                events <- events + tiedEvents
                tiedEvents <- 0.
                tiedOthers <- 0.

            let row = ranked.Order[place]

            if ranked.IsEvent[row] then
                tiedEvents <- tiedEvents + weights[row]
            else
                tiedOthers <- tiedOthers + weights[row]

        ordered <- ordered + tiedEvents * (below + tiedOthers / 2.)
        below <- below + tiedOthers
        events <- events + tiedEvents
        ordered / (events * below)

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
        |> estimate ranked.Order.Length (auroc ranked (Array.create ranked.Order.Length 1.))

    /// The difference of two AUROCs of the same rows, and its interval over patients.
    let differenceOver (draws: float[][]) (ranked: Ranked) (other: Ranked) =
        let difference weights =
            auroc ranked weights - auroc other weights

        draws
        |> Array.map difference
        |> estimate ranked.Order.Length (difference (Array.create ranked.Order.Length 1.))
