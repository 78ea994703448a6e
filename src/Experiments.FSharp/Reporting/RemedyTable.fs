namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence

/// The recommended options beside the field's remedies as a table.
module RemedyTable =
    let private level = 0.05

    let private isAhead (row: RemedyComparison) =
        row.Difference.Mean > 0. && row.AdjustedP < level

    /// A regime a row, a remedy a column.
    let markdown (comparisons: RemedyComparison list) =
        if comparisons.IsEmpty then
            ""
        else
            let remedies = comparisons |> List.map _.Remedy |> List.distinct

            let columns =
                [ "regime", false; "baseline", false; "seeds", true ]
                @ (remedies |> List.map (fun remedy -> Variant.name remedy, true))
                @ [ Variant.name Variant.recommended, true ]

            let cell (rows: RemedyComparison list) remedy =
                match rows |> List.tryFind (fun row -> row.Remedy = remedy) with
                | None -> "-"
                | Some row -> NumberText.number row.Auroc + (if isAhead row then " *" else "")

            let lines =
                comparisons
                |> List.groupBy (fun row -> row.Regime.Name, row.Baseline)
                |> List.map (fun ((regime, baseline), rows) ->
                    let fewest = rows |> List.minBy _.Difference.Count

                    [ regime; baseline; string fewest.Difference.Count ]
                    @ (remedies |> List.map (cell rows))
                    @ [ NumberText.number fewest.Recommended ])

            let ahead =
                comparisons |> List.filter (fun row -> row.Difference.Mean > 0.) |> List.length

            MarkdownTable.write columns lines
            + $"\nAUROC on the do test. Recommended has the higher mean in {ahead} of {comparisons.Length} comparisons; * where a paired t-test over seeds, adjusted by Holm over all of them, has p < 0.05 (%d{comparisons |> List.filter isAhead |> List.length} of them).\n"
