namespace CausalDebiasing.Bench.Datasets

open CausalDebiasing.Metrics

/// When something tells the outcome almost perfectly on its own, as what is known only after it does.
module OutcomeLeak =
    /// AUROC from which on it does.
    let threshold = 0.98

    let private fewest = 5

    /// The AUROC of scores or of their opposites; 0.5 where events, or rows without, are few.
    let strength (labels: float32[]) (scores: float32[]) =
        let events = labels |> Array.sumBy int

        if min events (labels.Length - events) < fewest then
            0.5
        else
            let area = Auroc.Compute(labels, scores)
            max area (1. - area)
