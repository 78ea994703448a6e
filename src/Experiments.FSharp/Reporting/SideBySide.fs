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

    let private variants (observations: Observation list) =
        Style.variants
        |> List.map fst
        |> List.filter (fun variant -> observations |> List.exists (fun seen -> seen.Variant = variant))

    let private level variant (rows: SummaryRow list) =
        rows
        |> List.tryFind (fun row -> row.Variant = variant)
        |> Option.map _.Auroc.Mean
        |> Option.defaultValue nan

    let private compared (rows: SummaryRow list) =
        match rows |> List.tryFind (fun row -> row.Variant = Variant.recommended) with
        | Some row when row.Gain.Count > 0 -> [
            NumberText.interval row.Gain
            NumberText.pValue row.PHolm
            $"{row.Wins}/{row.Ties}/{row.Losses}"
            NumberText.percent row.GapClosed
          ]
        | _ -> [ "-"; "-"; "-"; "-" ]

    /// One setting and test: its baselines, and their mean by the comparison that the tables of settings use.
    let private block setting variants (summary: SummaryRow list) (mean: ComparisonRow list) = [
        let condition = summary.Head.Setting.Condition

        for baseline, rows in summary |> List.groupBy _.Setting.Baseline do
            {
                Condition = condition
                Baseline = baseline
                IsMean = false
                Cells =
                    [ baseline; rows.Head.Setting.Data.Dataset; setting; condition ]
                    @ [ string (rows |> List.map _.Auroc.Count |> List.max) ]
                    @ [ for variant in variants -> NumberText.number (level variant rows) ]
                    @ [ NumberText.number rows.Head.Means["oracle_auroc"] ]
                    @ compared rows
            }

        for row in mean do
            if row.Baselines > 1 then
                {
                    Condition = condition
                    Baseline = ""
                    IsMean = true
                    Cells =
                        [
                            $"mean of {row.Baselines}"
                            row.Dataset
                            setting
                            condition
                            string row.Seeds
                        ]
                        @ [
                            for variant in variants ->
                                NumberText.number (Map.tryFind variant row.Means |> Option.defaultValue nan)
                        ]
                        @ [ NumberText.number row.Oracle; NumberText.interval row.Gain; "-"; "-" ]
                        @ [ NumberText.percent row.GapClosed ]
                }
    ]

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
                    [ "seeds" ]
                    @ List.map Variant.name variants
                    @ [
                        "oracle"
                        "recommended - plain [95 %]"
                        "p (Holm)"
                        "wins/ties/losses"
                        "gap closed"
                    ]
                )
            Rows =
                SummaryTable.rows once
                |> List.groupBy (fun row -> row.Setting.Data, row.Setting.Condition)
                |> List.sortBy (fun ((data, condition), _) -> data, Style.conditionOrder condition)
                |> List.collect (fun ((data, condition), rows) ->
                    block (name data) variants rows means[data, condition])
        }
