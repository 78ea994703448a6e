namespace CausalDebiasing.Bench.Datasets

/// Columns that tell the outcome on their own, as what is known only after it does.
module DraftLeaks =
    let private auroc (rows: (bool * float)[]) =
        OutcomeLeak.strength
            (rows |> Array.map (fun (isEvent, _) -> if isEvent then 1f else 0f))
            (rows |> Array.map (snd >> float32))

    /// Ranks, so that large numbers do not merge in single precision.
    let private ranks (numbers: float[]) =
        let order =
            numbers
            |> Array.distinct
            |> Array.sort
            |> Array.mapi (fun i x -> x, float i)
            |> dict

        numbers |> Array.map (fun x -> order[x])

    let private ofNumbers mark (known: (bool * string)[]) =
        let scores =
            known
            |> Array.map (snd >> ManifestCells.tryNumber mark >> Option.defaultValue 0.)
            |> ranks

        auroc (Array.zip (Array.map fst known) scores)

    let private ofWords (known: (bool * string)[]) =
        let rates =
            known
            |> Array.groupBy snd
            |> Array.map (fun (word, rows) ->
                word, rows |> Array.averageBy (fun (isEvent, _) -> if isEvent then 1. else 0.))
            |> dict

        known |> Array.map (fun (isEvent, word) -> isEvent, rates[word]) |> auroc

    /// The larger AUROC of the column's known values and of whether it is missing. `outcome`: by row, None where unknown.
    let private strength (outcome: bool option[]) (column: DraftColumn) =
        let labelled =
            Array.zip outcome column.Known
            |> Array.choose (fun (isEvent, cell) -> isEvent |> Option.map (fun isEvent -> isEvent, cell))

        let known =
            labelled
            |> Array.choose (fun (isEvent, cell) -> cell |> Option.map (fun cell -> isEvent, cell))

        let missing =
            labelled
            |> Array.map (fun (isEvent, cell) -> isEvent, (if cell.IsSome then 1. else 0.))
            |> auroc

        match column.Content with
        | Numbers mark -> max missing (ofNumbers mark known)
        | FewWords _ -> max missing (ofWords known)
        | _ -> missing

    /// One warning per column that tells the outcome almost perfectly.
    let warnings outcome (columns: DraftColumn list) = [
        for column in columns do
            let found = strength outcome column

            if found >= OutcomeLeak.threshold then
                $"Warning: column '{column.Name}' tells the outcome almost perfectly (AUROC {found:F3}): remove it, unless it is known before the outcome."
    ]
