namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running

/// All baselines in all settings beside each other, a row for each baseline, setting and test.
type SideBySide = {
    /// Name, and whether it holds numbers.
    Columns: (string * bool) list
    Rows: TableRow list
}

module SideBySide =
    let private auroc (measure: Measure) = measure.Auroc

    let private leading = [ Variant.plain; Variant.recommended ]

    /// The variants besides those that lead.
    let private variants (observations: Observation list) =
        Style.variants
        |> List.map fst
        |> List.filter (fun variant ->
            not (List.contains variant leading)
            && observations |> List.exists (fun seen -> seen.Variant = variant))

    let private level variant (rows: SummaryRow list) =
        rows
        |> List.tryFind (fun row -> row.Variant = variant)
        |> Option.map _.Auroc.Mean
        |> Option.defaultValue nan
        |> NumberText.number

    /// Where the ceiling is not above plain beyond the noise, there is no gap that could be closed.
    let private gap hasCeiling share =
        if not hasCeiling then "-"
        elif System.Double.IsNaN share then "no gap"
        else NumberText.percent share

    let private compared (rows: SummaryRow list) =
        match rows |> List.tryFind (fun row -> row.Variant = Variant.recommended) with
        | Some row when row.Gain.Count > 0 -> [
            NumberText.interval row.Gain
            NumberText.pValue row.PHolm
            $"{row.Wins}/{row.Ties}/{row.Losses}"
            gap (rows |> List.exists (fun other -> Variant.isUnbiased other.Variant)) row.GapClosed
          ]
        | _ -> [ "-"; "-"; "-"; "-" ]

    let private baselineRow setting variants baseline (rows: SummaryRow list) =
        let own = rows.Head.Setting

        {
            Condition = own.Condition
            Baseline = baseline
            IsMean = false
            Cells =
                [ baseline; own.Data.Dataset; setting; own.Condition ]
                @ List.map (fun variant -> level variant rows) leading
                @ compared rows
                @ List.map (fun variant -> level variant rows) variants
                @ [
                    NumberText.number rows.Head.Means["oracle_auroc"]
                    rows |> List.map _.Auroc.Count |> List.max |> string
                ]
        }

    let private meanRow setting variants (row: ComparisonRow) =
        let level variant =
            Map.tryFind variant row.Means |> Option.defaultValue nan |> NumberText.number

        {
            Condition = row.Condition
            Baseline = ""
            IsMean = true
            Cells =
                [ $"mean of {row.Baselines}"; row.Dataset; setting; row.Condition ]
                @ List.map level leading
                @ [
                    NumberText.interval row.Gain
                    "-"
                    "-"
                    gap (row.Means.ContainsKey Variant.ceiling) row.GapClosed
                ]
                @ List.map level variants
                @ [ NumberText.number row.Oracle; string row.Seeds ]
        }

    /// One setting and test: its baselines, and their mean by the comparison that the console shows.
    let private block setting variants (summary: SummaryRow list) (means: ComparisonRow list) =
        (summary
         |> List.groupBy _.Setting.Baseline
         |> List.map (fun (baseline, rows) -> baselineRow setting variants baseline rows))
        @ (means
           |> List.filter (fun row -> row.Baselines > 1)
           |> List.map (meanRow setting variants))

    /// Without the columns that say nothing in this run: one data set or setting for all, or no number at all.
    let private concise table =
        let says (index, (name, isNumber)) =
            let cells = table.Rows |> List.map (fun row -> row.Cells[index]) |> List.distinct

            match cells with
            | [ one ] when isNumber -> one <> "-"
            | [ _ ] -> name = "baseline" || name = "test"
            | _ -> true

        let kept = List.indexed table.Columns |> List.filter says

        {
            Columns = List.map snd kept
            Rows =
                table.Rows
                |> List.map (fun row -> {
                    row with
                        Cells = kept |> List.map (fun (index, _) -> row.Cells[index])
                })
        }

    /// The table of observations, in which a run that serves several experiments counts once.
    let table (observations: Observation list) =
        let once =
            observations
            |> List.map (fun seen -> { seen with Experiment = "" })
            |> List.distinctBy (fun seen -> seen.CellId, seen.Setting.Condition)

        let variants = variants once
        let name = SettingName.among (once |> List.map _.Setting.Data |> List.distinct)

        let means =
            once
            |> List.groupBy (fun seen -> seen.Setting.Data, seen.Setting.Condition)
            |> List.map (fun (key, group) -> key, ComparisonTable.rows group)
            |> Map.ofList

        {
            Columns =
                ReportParts.texts [ "baseline"; "data set"; "setting"; "test" ]
                @ ReportParts.numbers (
                    List.map Variant.name leading
                    @ [ "recommended - plain [95 %]"; "p (Holm)"; "wins/ties/losses"; "gap closed" ]
                    @ List.map Variant.name variants
                    @ [ "oracle"; "seeds" ]
                )
            Rows =
                SummaryTable.rows once
                |> List.groupBy (fun row -> row.Setting.Data, row.Setting.Condition)
                |> List.sortBy (fun ((data, condition), _) -> data, Style.conditionOrder condition)
                |> List.collect (fun ((data, condition), rows) ->
                    block (name data) variants rows means[data, condition])
        }
        |> concise
