namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence

/// The recommended options beside the field's remedies as a table.
module RemedyTable =
    let private level = 0.05

    let private isAhead (row: RemedyComparison) =
        row.Difference.Mean > 0. && row.AdjustedP < level

    let private remedies (comparisons: RemedyComparison list) =
        comparisons |> List.map _.Remedy |> List.distinct

    /// Name, and whether it holds numbers; a remedy a column.
    let columns comparisons =
        [ "regime", false; "baseline", false; "seeds", true ]
        @ (remedies comparisons |> List.map (fun remedy -> Variant.name remedy, true))
        @ [ Variant.name Variant.recommended, true ]

    /// A baseline with its cells in a regime.
    let rows comparisons =
        let cell (rows: RemedyComparison list) remedy =
            match rows |> List.tryFind (fun row -> row.Remedy = remedy) with
            | None -> "-"
            | Some row -> NumberText.number row.Auroc + (if isAhead row then " *" else "")

        comparisons
        |> List.groupBy (fun row -> row.Regime.Name, row.Baseline)
        |> List.map (fun ((regime, baseline), own) ->
            let fewest = own |> List.minBy _.Difference.Count

            baseline,
            [ regime; baseline; string fewest.Difference.Count ]
            @ (remedies comparisons |> List.map (cell own))
            @ [ NumberText.number fewest.Recommended ])

    /// In how many comparisons the recommended options are ahead.
    let note (comparisons: RemedyComparison list) =
        let ahead =
            comparisons |> List.filter (fun row -> row.Difference.Mean > 0.) |> List.length

        $"AUROC on the do test. Recommended has the higher mean in {ahead} of {comparisons.Length} comparisons; * where a paired t-test over seeds, adjusted by Holm over all of them, has p < 0.05 (%d{comparisons |> List.filter isAhead |> List.length} of them)."

    /// As Markdown; empty when nothing is compared.
    let markdown (comparisons: RemedyComparison list) =
        if comparisons.IsEmpty then
            ""
        else
            MarkdownTable.write (columns comparisons) (rows comparisons |> List.map snd)
            + $"\n{note comparisons}\n"
