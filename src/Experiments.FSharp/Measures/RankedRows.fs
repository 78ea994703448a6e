namespace CausalDebiasing.Bench.Measures

open System

/// Rows in the order of their predictions, for everything that asks for ranks many times.
type RankedRows = {
    /// Patient of each row, by ascending prediction.
    Patients: int[]
    IsEvent: bool[]
    /// Where each group of equal predictions ends, exclusive.
    Ends: int[]
    /// Number of the row in the original order.
    Rows: int[]
}

module RankedRows =
    /// Sorts once; O(n log n).
    let ofRows (rows: JudgedRows) =
        let keys = Array.copy rows.Probabilities
        let order = Array.init keys.Length id
        Array.Sort(keys, order)

        {
            Patients = order |> Array.map (fun row -> rows.Patients[row])
            IsEvent = order |> Array.map (fun row -> rows.Outcomes[row] > 0.5)
            Ends = [|
                for i in 1 .. keys.Length do
                    if i = keys.Length || keys[i] <> keys[i - 1] then
                        i
            |]
            Rows = order
        }

    /// AUROC when every patient counts as often as its weight says, ties counting one half; NaN when no pair is left. O(n).
    let auroc (weights: int[]) ranked =
        let mutable othersBelow, events, ordered = 0., 0., 0.
        let mutable start = 0

        for group in 0 .. ranked.Ends.Length - 1 do
            let mutable own, others = 0L, 0L

            for i in start .. ranked.Ends[group] - 1 do
                let weight = int64 weights[ranked.Patients[i]]

                if ranked.IsEvent[i] then
                    own <- own + weight
                else
                    others <- others + weight

            ordered <- ordered + float own * (othersBelow + float others / 2.)
            othersBelow <- othersBelow + float others
            events <- events + float own
            start <- ranked.Ends[group]

        ordered / (events * othersBelow)
