namespace CausalDebiasing.Bench.Reporting

open System
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running
open Giraffe.ViewEngine

/// Everything that the report shows.
type ReportContent = {
    /// Of the run's folder.
    Name: string
    /// Name and value: command, profile, selection rule, machine, versions.
    Environment: (string * string) list
    Results: (string * CellResult) list
    Observations: Observation list
    Judgements: Judgement list
    Gains: GainRow list
    Ranks: RankTable option
    Trends: TrendRow list
    BaselineTables: BaselineTable list
    ClinicalTables: ClinicalTable list
    Tuned: TunedRow list
    Figures: WrittenFigure list
}

/// The report: one HTML file without network, readable on a phone, in the dark and in print.
module Report =
    open ReportParts

    let private plural number word =
        if number = 1 then $"1 {word}" else $"{number} {word}s"

    let private distinct pick content =
        content.Results |> List.map (snd >> pick) |> List.distinct |> List.sort

    let private overview content =
        let known name =
            content.Environment |> List.tryFind (fst >> (=) name) |> Option.map snd

        let cells = content.Results |> List.distinctBy (fun (_, result) -> result.CellId)

        ReportOverview.render
            content.Name
            [
                match known "StartedUtc" with
                | Some date when date.Length >= 10 -> date.Substring(0, 10)
                | _ -> ""
                match known "Profile" with
                | Some profile -> $"profile {profile}"
                | None -> ""
                plural cells.Length "cell"
                plural (distinct _.Cell.Data.Dataset content).Length "data set"
                plural (distinct _.Cell.Baseline content).Length "baseline"
                plural (distinct _.Cell.Data.Seed content).Length "seed"
            ]
            (ConsoleTable.caveats (CellRow.ofResults content.Results))
            content.Judgements
            content.Gains

    let private whatWasRun content =
        let cells = content.Results |> List.distinctBy (fun (_, result) -> result.CellId)

        let count status =
            cells |> List.filter (fun (_, result) -> result.Status = status) |> List.length

        let listed pick =
            distinct pick content |> String.concat ", "

        section "run" "What was run" [
            factTable
                "The run"
                (content.Environment
                 @ [
                     "Experiments", content.Results |> List.map fst |> List.distinct |> String.concat ", "
                     "Cells",
                     $"{cells.Length}: {count Done} done, {count Failed} failed, {count TimedOut} timed out, {count Skipped} skipped"
                     "Data sets",
                     distinct _.Cell.Data.Dataset content
                     |> List.map ShownText.byName
                     |> String.concat ", "
                     "Baselines", listed _.Cell.Baseline
                     "Variants", listed (_.Cell.Variant >> Variant.name)
                     "Seeds", distinct _.Cell.Data.Seed content |> List.map string |> String.concat ", "
                 ])
        ]

    let private findingText (finding: Finding) =
        let signed = NumberText.signed
        let bound = Option.map signed >> Option.defaultValue "-"

        let p =
            finding.P
            |> Option.map (fun p -> $"p {NumberText.pValue p}")
            |> Option.defaultValue "no test"

        let counts =
            [ finding.Seeds, "seed"; finding.Baselines, "baseline"; finding.Units, "pair" ]
            |> List.map (fun (count, word) -> plural count word)
            |> String.concat ", "

        $"Effect {signed finding.Estimate}, 95 %% interval [{bound finding.CiLow}, {bound finding.CiHigh}], {p}; "
        + $"{counts} of baseline and setting."

    let private claimBlock (judgement: Judgement) =
        let verdict = Claims.verdictName judgement.Verdict

        let origin =
            match judgement.Claim.Origin with
            | Paper -> "the paper's claim"
            | Ours -> "our claim"

        div [ _class "claim" ] [
            p [] [
                span [ _class $"badge {verdict}" ] [ str (verdict.Replace('-', ' ')) ]
                str " "
                strong [] [ str judgement.Claim.Hypothesis ]
                str $" ({origin})"
            ]
            match judgement.Finding with
            | Some finding -> p [] [ str (findingText finding) ]
            | None -> p [] [ str "The results hold no runs that this claim is about." ]
            p [ _class "small" ] [ str $"Test {judgement.Claim.Id}: {Claims.test judgement.Claim}." ]
        ]

    let private claims content =
        let judged, others =
            content.Judgements
            |> List.partition (fun (judgement: Judgement) -> judgement.Verdict <> NotTested)

        section "claims" "Claims" [
            p [] [
                str
                    "Each claim is a test whose threshold was fixed beforehand. Effects are differences in AUROC unless the test says otherwise."
            ]
            yield! List.map claimBlock judged
            if not others.IsEmpty then
                details [] [
                    summary [] [ str $"""{plural others.Length "claim"} about settings that were not run""" ]
                    yield! List.map claimBlock others
                ]
        ]

    let private mark =
        function
        | ScottPlot.MarkerShape.FilledCircle -> "\u25cf"
        | ScottPlot.MarkerShape.FilledSquare -> "\u25a0"
        | ScottPlot.MarkerShape.FilledDiamond -> "\u25c6"
        | ScottPlot.MarkerShape.FilledTriangleUp -> "\u25b2"
        | ScottPlot.MarkerShape.FilledTriangleDown -> "\u25bc"
        | _ -> "\u2505\u2505"

    let private legend (items: ScottPlot.LegendItem list) =
        ul [ _class "legend" ] [
            for item in items ->
                let color, sign =
                    if item.MarkerShape <> ScottPlot.MarkerShape.None then
                        item.MarkerColor, mark item.MarkerShape
                    elif item.LineWidth > 0f then
                        item.LineColor, mark item.MarkerShape
                    else
                        item.FillColor, mark ScottPlot.MarkerShape.FilledSquare

                li [] [
                    span [ attr "style" $"color:{color.ToHex()}"; attr "aria-hidden" "true" ] [
                        str $"{sign} "
                    ]
                    str item.LabelText
                ]
        ]

    let private figureOf written =
        let drawn = written.Figure

        figure [] [
            figcaption [] [ strong [] [ shown $"{drawn.Title}. " ]; shown $"{drawn.Subtitle}." ]
            div [
                _class "plate"
                attr "style" $"--panel-width:{min 360 (fst drawn.PanelSize)}px"
            ] [
                div [ _class "panels" ] [
                    for panel, png in List.zip drawn.Panels written.Panels ->
                        div (_class "panel" :: facets panel.Condition panel.Baseline) [
                            img [
                                _src ("data:image/png;base64," + Convert.ToBase64String png)
                                _alt (ShownText.byName panel.Alt)
                            ]
                        ]
                ]
                legend drawn.Legend
            ]
            figcaption [] [
                shown $"{drawn.Caption} "
                ReportOverview.dataLink
                    drawn.Name
                    (FigureData.csv
                        FigureData.columns
                        (FigureData.rows drawn.Panels |> List.map (List.map ShownText.byName)))
                shown $"; as picture: figures/{drawn.Name}.svg and .png."
            ]
        ]

    let private figures content =
        section "figures" "Figures" (content.Figures |> List.map figureOf)

    let private sideBySide content =
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

    let private metrics content =
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

    let private clinical content =
        section "clinical" "Recorded data: recommended against plain" [
            for table in content.ClinicalTables do
                dataTable table.Title table.Columns (List.map TableRow.always table.Rows)
                p [] [ shown table.Summary ]

            p [ _class "small" ] [ str ClinicalTable.note ]
        ]

    let private tuning content =
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

    let private unfinished content =
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

    let private nextSteps content =
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
                        "cells.csv and cells.parquet hold every number, summary.csv the statistics by baseline, claims.json the verdicts, figures/ the pictures as PNG and SVG with their numbers as CSV."
                ]
            ]
        ]

    /// The report as an HTML document.
    let render content =
        let recorded = not content.ClinicalTables.IsEmpty
        let tuned = not content.Tuned.IsEmpty

        let parts = [
            "claims", "Claims", claims content
            "side-by-side", "Side by side", sideBySide content
            match content.Ranks with
            | Some ranks -> "ranks", "Ranks", ReportMeasures.ranks ranks
            | None -> ()
            if not content.Trends.IsEmpty then
                "trends", "Trends", ReportMeasures.trends content.Trends
            if recorded then
                "clinical", "Recorded data", clinical content
            if not content.Figures.IsEmpty then
                "figures", "Figures", figures content
            "metrics", "All metrics", metrics content
            if tuned then
                "tuning", "Search", tuning content
            "unfinished", "Failed cells", unfinished content
            "run", "What was run", whatWasRun content
            "reading", "How to read", howToRead
            "next", "Next steps", nextSteps content
        ]

        html [ _lang "en" ] [
            head [] [
                meta [ _charset "utf-8" ]
                meta [ _name "viewport"; _content "width=device-width, initial-scale=1" ]
                title [] [ str (ShownText.byName $"{content.Name}: causal debiasing report") ]
                Giraffe.ViewEngine.HtmlElements.style [] [ rawText styleText.Value ]
            ]
            body [] [
                main
                    []
                    (overview content
                     @ [
                         nav [ attr "aria-label" "Parts of the report" ] [
                             for target, name, _ in parts -> a [ _href $"#{target}" ] [ str name ]
                         ]
                         div [ _id "show" ] []
                     ]
                     @ List.map (fun (_, _, part) -> part) parts)
                script [] [ rawText scriptText.Value ]
            ]
        ]
        |> RenderView.AsString.htmlDocument
