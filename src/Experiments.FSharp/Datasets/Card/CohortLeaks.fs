namespace CausalDebiasing.Bench.Datasets

open CausalDebiasing.Cohorts

/// What of a cohort tells the outcome almost perfectly, as what is known only after it does.
module CohortLeaks =
    /// Rows that are looked at, evenly spread.
    let private mostRows = 20_000

    let private ofNumbers (cohort: Cohort) (rows: int[]) m =
        let seen = rows |> Array.filter (fun row -> cohort.IsObserved(row, m))
        let labels = seen |> Array.map (fun row -> cohort.Labels[row])

        if seen.Length = 0 || cohort.Modalities[m].Kind <> ModalityKind.Tabular then
            0.5
        else
            seq { 0 .. cohort.Modalities[m].Width - 1 }
            |> Seq.map (fun column ->
                seen
                |> Array.map (fun row -> cohort.Row(m, row)[column])
                |> OutcomeLeak.strength labels)
            |> Seq.max

    /// A warning for each modality whose being there, or one of whose numbers, tells the outcome, and for the whole pattern of what
    /// is there. `maskAuroc` is that of the card.
    let warnings (maskAuroc: float) (cohort: Cohort) = [
        let step = max 1 (cohort.Count / mostRows)
        let rows = [| 0..step .. cohort.Count - 1 |]
        let labels = rows |> Array.map (fun row -> cohort.Labels[row])

        let remedy =
            "remove what is known only after the outcome, or is recorded because of it"

        for m, modality in Seq.indexed cohort.Modalities do
            let presence =
                rows
                |> Array.map (fun row -> if cohort.IsObserved(row, m) then 1f else 0f)
                |> OutcomeLeak.strength labels

            if presence >= OutcomeLeak.threshold then
                $"Warning: whether modality '{modality.Name}' is there tells the outcome almost perfectly (AUROC {presence:F3}): {remedy}."

            let number = ofNumbers cohort rows m

            if number >= OutcomeLeak.threshold then
                $"Warning: a number of modality '{modality.Name}' tells the outcome almost perfectly (AUROC {number:F3}): {remedy}."

        if maskAuroc >= OutcomeLeak.threshold then
            $"Warning: the missingness pattern alone tells the outcome almost perfectly (AUROC {maskAuroc:F3}): {remedy}."
    ]
