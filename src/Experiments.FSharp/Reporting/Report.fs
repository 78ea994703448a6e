namespace CausalDebiasing.Bench.Reporting

open System
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Sweeping
open Giraffe.ViewEngine

/// Everything that the report shows.
type ReportContent = {
    /// Name and value: command, selection rule, machine, versions.
    Environment: (string * string) list
    Results: (string * CellResult) list
    Observations: Observation list
    Judgements: Judgement list
    Figures: WrittenFigure list
}

/// The self-contained HTML report: no script, no external file, readable on a phone and in print.
module Report =
    let private style =
        """
:root{color-scheme:light}
body{font:16px/1.5 system-ui,"DejaVu Sans",sans-serif;color:#1a1a1a;background:#fff;margin:0 auto;max-width:1200px;padding:1rem}
h1{font-size:1.7rem;margin:.2em 0}h2{font-size:1.3rem;margin:2em 0 .5em;border-bottom:2px solid #0072b2}
h3{font-size:1.05rem;margin:1.4em 0 .3em}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.88rem;margin:.5em 0}
th,td{padding:.3em .7em;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}
th{background:#f3f6f8}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
figure{margin:1.2em 0}img{max-width:100%;height:auto;border:1px solid #e5e5e5}figcaption{font-size:.88rem;color:#444}
.badge{display:inline-block;padding:.05em .6em;border-radius:1em;color:#fff;font-size:.85rem;white-space:nowrap}
.supported{background:#00704f}.contradicted{background:#b34700}.inconclusive{background:#5c5c5c}.not-tested{background:#fff;color:#444;border:1px dashed #777}
.claim{margin:.7em 0;padding-left:.8em;border-left:3px solid #ddd}.claim p{margin:.1em 0}.small{font-size:.85rem;color:#444}
nav a{margin-right:1em}dt{font-weight:600}dd{margin:0 0 .6em}
@media print{body{max-width:none;font-size:11pt}nav{display:none}.scroll{overflow:visible}figure,.claim,tr{break-inside:avoid}.badge{color:#000;border:1px solid #000;background:none}}
"""

    let private number = ConsoleTable.number

    let private signed (value: float) =
        if Double.IsNaN value then
            "-"
        else
            value.ToString("+0.000;-0.000;0.000", Globalization.CultureInfo.InvariantCulture)

    let private pValue (p: float) =
        if Double.IsNaN p then "-"
        elif p < 0.001 then "< 0.001"
        else number p

    let private interval (estimate: Estimate) =
        if Double.IsNaN estimate.Low then
            signed estimate.Mean
        else
            $"{signed estimate.Mean} [{signed estimate.Low}, {signed estimate.High}]"

    let private section id title content =
        section [ _id id ] (h2 [] [ str title ] :: content)

    /// Columns as (title, is a number).
    let private dataTable (columns: (string * bool) list) (rows: string list list) =
        let kind isNumber = if isNumber then [ _class "n" ] else []

        div [ _class "scroll" ] [
            table [] [
                thead [] [ tr [] [ for name, isNumber in columns -> th (kind isNumber) [ str name ] ] ]
                tbody [] [
                    for row in rows ->
                        tr
                            []
                            (List.map2 (fun (_, isNumber) cell -> td (kind isNumber) [ str cell ]) columns row)
                ]
            ]
        ]

    let private texts = List.map (fun name -> name, false)
    let private numbers = List.map (fun name -> name, true)

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
                "Variants", distinct _.Cell.Variant
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
        let columns =
            texts [ "test" ]
            @ numbers (
                [ "baselines"; "seeds" ]
                @ ComparisonTable.variants
                @ [ "oracle"; "recommended - plain [95 %]"; "gap closed" ]
            )

        let cells (row: ComparisonRow) =
            [ row.Condition; string row.Baselines; string row.Seeds ]
            @ [
                for variant in ComparisonTable.variants ->
                    number (Map.tryFind variant row.Means |> Option.defaultValue nan)
            ]
            @ [ number row.Oracle; interval row.Gain; ConsoleTable.percent row.GapClosed ]

        section "tables" "Mean AUROC by setting" [
            for (experiment, setting), rows in
                ComparisonTable.rows content.Observations
                |> List.groupBy (fun row -> row.Experiment, row.Setting) do
                h3 [] [ str $"{experiment}: {setting}" ]
                dataTable columns (rows |> List.map cells)
        ]

    let private realData content =
        let rows =
            SummaryTable.rows content.Observations
            |> List.filter (fun row -> RealDataFigure.isRecorded row.Setting.Data)

        section "real" "Recorded data by baseline" [
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
                                row.Variant
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

    let private howToRead =
        let entries = [
            "Test conditions",
            "id: as in training. do: the confounder is cut off and modalities are missing completely at random. reversed: the biases of training have the opposite sign. site:NAME: patients of one site."
            "Two estimands",
            "AUROC, AUPRC, Brier score, log loss and ECE judge predictions on a shifted test set. Do-risk, the mean of |p - P(y | do x)|, judges closeness to the interventional truth where a world knows it. A method can win one and lose the other: where the outcome truly depends on what was measured, ignoring that is right for do-risk and costs AUROC."
            "plain, paper, recommended, ceiling",
            "plain: the baseline as published. paper: wrapped with our reconstruction of the published framework (the authors' code is not public). recommended: wrapped with the options that this evidence supports. ceiling: the plain model trained on data without bias. oracle: the Bayes-optimal probability under the test distribution."
            "Gap closed",
            "(recommended - plain) / (ceiling - plain), as a ratio of means; left out where the ceiling is not at least 0.005 above plain, as in distribution, where bias helps."
            "Intervals and tests",
            "The seed is the unit of replication: it decides world, split, mask and initialisation, and all methods see the same draw. Intervals are 95 % t-intervals over seeds; differences are paired by seed; p-values are two-sided paired t-tests, adjusted by Holm over baselines. Averages over baselines or settings are taken within each seed first. Units that lack a seed are left out of averages."
            "What this cannot say",
            "Synthetic worlds show what happens under their assumptions. Results on recorded data are associations under natural or imposed missingness, not causal effects."
        ]

        section "reading" "How to read" [
            dl [] [
                for term, text in entries do
                    dt [] [ str term ]
                    dd [] [ str text ]
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
            "real", "Recorded data"
            "unfinished", "Failed cells"
            "run", "What was run"
            "reading", "How to read"
        ]

        html [ _lang "en" ] [
            head [] [
                meta [ _charset "utf-8" ]
                meta [ _name "viewport"; _content "width=device-width, initial-scale=1" ]
                title [] [ str "Causal debiasing benchmark: report" ]
                Giraffe.ViewEngine.HtmlElements.style [] [ rawText style ]
            ]
            body [] [
                h1 [] [ str "Causal debiasing of multimodal prediction with missing modalities" ]
                nav [] [ for target, name in links -> a [ _href $"#{target}" ] [ str name ] ]
                whatWasRun content
                headline content
                figures content
                comparisons content
                realData content
                unfinished content
                howToRead
                nextSteps content
            ]
        ]
        |> RenderView.AsString.htmlDocument
