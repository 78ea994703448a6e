namespace CausalDebiasing.Bench.Reporting

open System
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running
open Giraffe.ViewEngine

/// Everything that the report shows.
type ReportContent = {
    /// Name and value: command, selection rule, machine, versions.
    Environment: (string * string) list
    Results: (string * CellResult) list
    Observations: Observation list
    Judgements: Judgement list
    BaselineTables: BaselineTable list
    ClinicalTables: ClinicalTable list
    Tuned: TunedRow list
    Figures: WrittenFigure list
}

/// The self-contained HTML report: no script, no external file, readable on a phone and in print.
module Report =
    open ReportParts

    let private whatWasRun content =
        let cells = content.Results |> List.distinctBy (fun (_, result) -> result.CellId)

        let count status =
            cells |> List.filter (fun (_, result) -> result.Status = status) |> List.length

        let distinct pick =
            content.Results
            |> List.map (snd >> pick)
            |> List.distinct
            |> List.sort
            |> String.concat ", "

        let facts =
            content.Environment
            @ [
                "Experiments", content.Results |> List.map fst |> List.distinct |> String.concat ", "
                "Cells",
                $"{cells.Length}: {count Done} done, {count Failed} failed, {count TimedOut} timed out, {count Skipped} skipped"
                "Data sets", distinct _.Cell.Data.Dataset
                "Baselines", distinct _.Cell.Baseline
                "Variants", distinct (_.Cell.Variant >> Variant.name)
                "Seeds",
                content.Results
                |> List.map (fun (_, result) -> result.Cell.Data.Seed)
                |> List.distinct
                |> List.sort
                |> List.map string
                |> String.concat ", "
            ]

        section "run" "What was run" [
            div [ _class "scroll" ] [
                table [] [
                    for name, value in facts -> tr [] [ th [] [ str name ]; td [] [ str value ] ]
                ]
            ]
        ]

    let private findingText (finding: Finding) =
        let bound = Option.map signed >> Option.defaultValue "-"

        let p =
            finding.P
            |> Option.map (fun p -> $"p {pValue p}")
            |> Option.defaultValue "no test"

        $"Effect {signed finding.Estimate}, 95 %% interval [{bound finding.CiLow}, {bound finding.CiHigh}], {p}; "
        + $"{finding.Seeds} seeds, {finding.Baselines} baselines, {finding.Units} pairs of baseline and setting."

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

    let private headline content =
        let order (judgement: Judgement) =
            match judgement.Verdict with
            | NotTested -> 1
            | _ -> 0

        section "claims" "Verdicts" [
            p [] [
                str
                    "Each claim is a test whose threshold was fixed beforehand. Effects are differences in AUROC unless the test says otherwise."
            ]
            yield! content.Judgements |> List.sortBy order |> List.map claimBlock
        ]

    let private figures content =
        section "figures" "Figures" [
            for written in content.Figures ->
                figure [] [
                    img [
                        _src ("data:image/png;base64," + Convert.ToBase64String written.Png)
                        _alt $"{written.Figure.Title}. {written.Figure.Subtitle}"
                    ]
                    figcaption [] [
                        strong [] [ str $"{written.Figure.Title}. " ]
                        str $"{written.Figure.Subtitle}. {written.Figure.Caption}"
                    ]
                ]
        ]

    let private comparisons content =
        let table = ComparisonTable.rows content.Observations
        let variants = ComparisonTable.variants table

        let columns =
            texts [ "test" ]
            @ numbers (
                [ "baselines"; "seeds" ]
                @ List.map Variant.name variants
                @ [ "oracle"; "recommended - plain [95 %]"; "gap closed" ]
            )

        let cells (row: ComparisonRow) =
            [ row.Condition; string row.Baselines; string row.Seeds ]
            @ [
                for variant in variants -> number (Map.tryFind variant row.Means |> Option.defaultValue nan)
            ]
            @ [ number row.Oracle; interval row.Gain; ConsoleTable.percent row.GapClosed ]

        section "tables" "Mean AUROC by setting" [
            p [ _class "small" ] [
                str
                    "Gap closed is towards ceiling-augmented where a setting has it for all its baselines, else towards ceiling."
            ]
            for (experiment, setting), rows in table |> List.groupBy (fun row -> row.Experiment, row.Setting) do
                h3 [] [ str $"{experiment}: {setting}" ]
                dataTable columns (rows |> List.map cells)
        ]

    let private realData content =
        let rows =
            SummaryTable.rows content.Observations
            |> List.filter (fun row -> RealDataFigure.isRecorded row.Setting.Data)

        section "real" "Recorded data: all metrics by baseline" [
            for caveat in ConsoleTable.caveats (CellRow.ofResults content.Results) do
                p [] [ strong [] [ str caveat ] ]
            if rows.IsEmpty then
                p [] [ str "No experiment on recorded data was run." ]
            else
                dataTable
                    (texts [ "data set"; "setting"; "test"; "baseline"; "variant" ]
                     @ numbers [
                         "seeds"
                         "AUROC"
                         "AUPRC"
                         "Brier"
                         "ECE"
                         "AUROC - plain [95 %]"
                         "p (Holm)"
                         "wins/ties/losses"
                     ])
                    [
                        for row in rows ->
                            let compared = row.Gain.Count > 0

                            [
                                row.Setting.Data.Dataset
                                $"{Axis.missingRate.Describe row.Setting.Data}, {CellRow.mechanismName row.Setting.Data}"
                                row.Setting.Condition
                                row.Setting.Baseline
                                Variant.name row.Variant
                                string row.Auroc.Count
                                number row.Auroc.Mean
                                number row.Means["auprc"]
                                number row.Means["brier"]
                                number row.Means["ece"]
                                (if compared then interval row.Gain else "-")
                                pValue row.PHolm
                                (if compared then
                                     $"{row.Wins}/{row.Ties}/{row.Losses}"
                                 else
                                     "-")
                            ]
                    ]
        ]

    let private baselines content =
        section "baselines" "Baselines side by side" [
            if content.BaselineTables.IsEmpty then
                p [] [ str "No experiment holds several baselines in one setting." ]
            for table in content.BaselineTables do
                h3 [] [ str table.Experiment ]
                dataTable table.Columns table.Rows
                p [ _class "small" ] [ str table.Note ]
        ]

    let private clinical content =
        section "clinical" "Recorded data: recommended against plain" [
            if content.ClinicalTables.IsEmpty then
                p [] [ str "No baseline was run plain and recommended on recorded data." ]
            else
                p [ _class "small" ] [ str ClinicalTable.note ]

            for table in content.ClinicalTables do
                h3 [] [ str table.Title ]
                dataTable table.Columns table.Rows
                p [] [ str table.Summary ]
        ]

    let private tuning content =
        let both (defaults, chosen) = $"{number defaults} -> {number chosen}"

        section "tuning" "Hyper-parameter search" [
            if content.Tuned.IsEmpty then
                p [] [ str "None: all baselines have their default hyper-parameters." ]
            else
                p [] [
                    str
                        "Every method has the same number of candidates, its defaults among them; the one with the least mean log loss on the validation rows is chosen. Numbers: defaults -> chosen."
                ]

                dataTable
                    (texts [ "experiment"; "data set"; "baseline"; "variant"; "chosen" ]
                     @ numbers [ "candidates"; "seeds"; "validation log loss"; "test AUROC" ])
                    [
                        for row in content.Tuned ->
                            [
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
                    (texts [ "status"; "experiment"; "data set"; "baseline"; "variant"; "seed"; "reason" ])
                    [
                        for row in rows ->
                            [
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
                        "cells.csv and cells.parquet hold every number, summary.csv the statistics by baseline, claims.json the verdicts, figures/ the pictures as PNG and SVG."
                ]
            ]
        ]

    /// The report as an HTML document.
    let render content =
        let links = [
            "claims", "Verdicts"
            "figures", "Figures"
            "tables", "Tables"
            "baselines", "Baselines"
            "clinical", "Recorded data"
            "real", "All metrics"
            "tuning", "Search"
            "unfinished", "Failed cells"
            "run", "What was run"
            "reading", "How to read"
        ]

        html [ _lang "en" ] [
            head [] [
                meta [ _charset "utf-8" ]
                meta [ _name "viewport"; _content "width=device-width, initial-scale=1" ]
                title [] [ str "Causal debiasing benchmark: report" ]
                Giraffe.ViewEngine.HtmlElements.style [] [ rawText ReportParts.style ]
            ]
            body [] [
                h1 [] [ str "Causal debiasing of multimodal prediction with missing modalities" ]
                nav [] [ for target, name in links -> a [ _href $"#{target}" ] [ str name ] ]
                headline content
                figures content
                comparisons content
                baselines content
                clinical content
                realData content
                tuning content
                unfinished content
                whatWasRun content
                howToRead
                nextSteps content
            ]
        ]
        |> RenderView.AsString.htmlDocument
