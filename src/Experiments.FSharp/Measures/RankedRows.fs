namespace CausalDebiasing.Bench.Measures

open System

/// Rows in the order of their predictions, for everything that asks for ranks many times.
type RankedRows = {
    /// What each row is weighted by, by ascending prediction: the number of its patient, or its own.
    Units: int[]
    IsEvent: bool[]
    /// Where each group of equal predictions ends, exclusive.
    Ends: int[]
    /// Number of the row in the original order.
    Rows: int[]
}

module RankedRows =
    /// Sorts once; O(n log n). `units`: see there.
    let ofPredictions (units: int[]) (isEvent: bool[]) (predictions: float[]) =
        let keys = Array.copy predictions
        let order = Array.init keys.Length id
        Array.Sort(keys, order)

        {
            Units = order |> Array.map (fun row -> units[row])
            IsEvent = order |> Array.map (fun row -> isEvent[row])
            Ends = [|
                for i in 1 .. keys.Length do
                    if i = keys.Length || keys[i] <> keys[i - 1] then
                        i
            |]
            Rows = order
        }

    /// Weighted by patient.
    let ofRows (rows: JudgedRows) =
        ofPredictions
            rows.Patients
            (rows.Outcomes |> Array.map (fun outcome -> outcome > 0.5))
            rows.Probabilities

    /// AUROC when every unit counts as its weight says, ties counting one half; NaN when no pair is left. O(n).
    let inline auroc (weights: 'weight[]) ranked =
        let mutable othersBelow, events, ordered = 0., 0., 0.
        let mutable start = 0

        for group in 0 .. ranked.Ends.Length - 1 do
            let mutable own, others = 0., 0.

            for i in start .. ranked.Ends[group] - 1 do
                let weight = float weights[ranked.Units[i]]

                if ranked.IsEvent[i] then
                    own <- own + weight
                else
                    others <- others + weight

            ordered <- ordered + own * (othersBelow + others / 2.)
            othersBelow <- othersBelow + others
            events <- events + own
            start <- ranked.Ends[group]

        ordered / (events * othersBelow)
