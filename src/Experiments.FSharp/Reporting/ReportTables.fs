namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open Giraffe.ViewEngine

/// The sections that are tables of baselines.
module ReportTables =
    open ReportParts

    /// Every baseline in every setting, and the cards of the baselines, folded.
    let sideBySide (content: ReportContent) =
        let table = SideBySide.table content.Observations

        section "side-by-side" "Baselines side by side" [
            p [] [
                str
                    "Mean AUROC over seeds in every setting. A mean row holds the baselines that have all variants of its setting. Gap closed is towards ceiling-augmented where a setting has it, else towards ceiling; \"no gap\" where it is not above plain beyond the noise."
            ]
            if table.Rows.IsEmpty then
                p [] [ str "No cell finished." ]
            else
                dataTable "AUROC by baseline, setting and test" table.Columns table.Rows
            if not content.BaselineTables.IsEmpty then
                details [] [
                    summary [] [ str "Family, size, cost and rank of the baselines" ]
                    for table in content.BaselineTables do
                        dataTable
                            $"Baselines of experiment {table.Experiment}"
                            table.Columns
                            (List.map TableRow.always table.Rows)

                        p [ _class "small" ] [ str table.Note ]
                ]
        ]

    /// All metrics of every baseline and variant, folded.
    let metrics (content: ReportContent) =
        let once =
            content.Observations
            |> List.map (fun seen -> { seen with Experiment = "" })
            |> List.distinctBy (fun seen -> seen.CellId, seen.Setting.Condition)

        let name = SettingName.among (once |> List.map _.Setting.Data |> List.distinct)

        section "metrics" "All metrics" [
            details [] [
                summary [] [
                    str "Every baseline and variant: AUROC, AUPRC, Brier score, ECE, log loss, do-risk"
                ]
                dataTable
                    "Means over seeds"
                    (texts [ "baseline"; "variant"; "data set"; "setting"; "test" ]
                     @ numbers [
                         "seeds"
                         "AUROC [95 %]"
                         "AUPRC"
                         "Brier"
                         "ECE"
                         "log loss"
                         "do-risk"
                         "AUROC - plain [95 %]"
                         "p (Holm)"
                         "wins/ties/losses"
                     ])
                    [
                        for row in SummaryTable.rows once ->
                            let isCompared = row.Gain.Count > 0
                            let compared text = if isCompared then text else "-"

                            {
                                Condition = row.Setting.Condition
                                Baseline = row.Setting.Baseline
                                IsMean = false
                                Cells =
                                    [
                                        row.Setting.Baseline
                                        Variant.name row.Variant
                                        row.Setting.Data.Dataset
                                        name row.Setting.Data
                                        row.Setting.Condition
                                        string row.Auroc.Count
                                        NumberText.level row.Auroc
                                    ]
                                    @ [
                                        for metric in [ "auprc"; "brier"; "ece"; "log_loss"; "do_risk" ] ->
                                            NumberText.number row.Means[metric]
                                    ]
                                    @ [
                                        compared (NumberText.interval row.Gain)
                                        NumberText.pValue row.PHolm
                                        compared $"{row.Wins}/{row.Ties}/{row.Losses}"
                                    ]
                            }
                    ]
            ]
        ]

    /// The comparisons on recorded data.
    let clinical (content: ReportContent) =
        section "clinical" "Recorded data: recommended against plain" [
            for table in content.ClinicalTables do
                dataTable table.Title table.Columns (List.map TableRow.always table.Rows)
                p [] [ shown table.Summary ]

            p [ _class "small" ] [ str ClinicalTable.note ]
        ]

    /// What a search chose.
    let tuning (content: ReportContent) =
        let both (defaults, chosen) =
            $"{NumberText.number defaults} -> {NumberText.number chosen}"

        section "tuning" "Hyper-parameter search" [
            p [] [
                str
                    "Every method has the same number of candidates, its defaults among them; the one with the least mean log loss on the validation rows is chosen. Numbers: defaults -> chosen."
            ]
            dataTable
                "Chosen hyper-parameters"
                (texts [ "experiment"; "data set"; "baseline"; "variant"; "chosen" ]
                 @ numbers [ "candidates"; "seeds"; "validation log loss"; "test AUROC" ])
                [
                    for row in content.Tuned ->
                        TableRow.always [
                            row.Experiment
                            row.Data.Dataset
                            row.Baseline
                            Variant.name row.Variant
                            TuningTable.describe row.Chosen
                            string row.Candidates
                            string row.Seeds
                            both row.ValidationLogLoss
                            row.Auroc
                            |> List.map (fun (condition, defaults, chosen) ->
                                $"{condition} {both (defaults, chosen)}")
                            |> String.concat "; "
                        ]
                ]
        ]
