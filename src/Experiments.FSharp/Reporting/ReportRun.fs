namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running
open Giraffe.ViewEngine

/// The sections on the run itself.
module ReportRun =
    open ReportParts

    /// Command, machine, versions, and what the cells are of.
    let whatWasRun (content: ReportContent) =
        let cells = ReportContent.cells content

        let count status =
            cells |> List.filter (fun result -> result.Status = status) |> List.length

        let listed pick =
            ReportContent.distinct pick content |> String.concat ", "

        section "run" "What was run" [
            factTable
                "The run"
                (content.Environment
                 @ [
                     "Experiments", content.Results |> List.map fst |> List.distinct |> String.concat ", "
                     "Cells",
                     $"{cells.Length}: {count Done} done, {count Failed} failed, {count TimedOut} timed out, {count Skipped} skipped"
                     "Data sets",
                     ReportContent.distinct _.Cell.Data.Dataset content
                     |> List.map ShownText.byName
                     |> String.concat ", "
                     "Baselines", listed _.Cell.Baseline
                     "Variants", listed (_.Cell.Variant >> Variant.name)
                     "Seeds",
                     ReportContent.distinct _.Cell.Data.Seed content
                     |> List.map string
                     |> String.concat ", "
                 ])
        ]

    /// The cells without a result, with their reasons.
    let unfinished (content: ReportContent) =
        let rows =
            CellRow.ofResults content.Results |> List.filter (fun row -> row.Condition = "")

        section "unfinished" "Failed and skipped cells" [
            if rows.IsEmpty then
                p [] [ str "Every cell finished." ]
            else
                dataTable
                    "Cells without a result"
                    (texts [ "status"; "experiment"; "data set"; "baseline"; "variant"; "seed"; "reason" ])
                    [
                        for row in rows ->
                            TableRow.always [
                                row.Status
                                row.Experiment
                                row.Dataset
                                row.Baseline
                                row.Variant
                                string row.Seed
                                row.Error
                            ]
                    ]
        ]

    /// What would make the results firmer, and where the numbers are.
    let nextSteps (content: ReportContent) =
        let count verdict =
            content.Judgements
            |> List.filter (fun (j: Judgement) -> j.Verdict = verdict)
            |> List.length

        let bad =
            content.Results
            |> List.filter (fun (_, result) -> result.Status <> Done)
            |> List.length

        section "next" "Next steps" [
            ul [] [
                if bad > 0 then
                    li [] [
                        str $"{bad} cells did not finish: see their reasons above and rerun the failed ones."
                    ]
                if count Inconclusive > 0 then
                    li [] [
                        str
                            $"{count Inconclusive} claims are inconclusive: more seeds narrow their intervals (a larger profile runs more)."
                    ]
                if count NotTested > 0 then
                    li [] [
                        str
                            $"{count NotTested} claims were not tested: run the experiments that hold the settings named in their tests."
                    ]
                li [] [
                    str
                        "cells.csv and cells.parquet hold every number, summary.csv the statistics by baseline, claims.json the verdicts on claims and regimes, figures/ the pictures as PNG and SVG with their numbers as CSV."
                ]
            ]
        ]
