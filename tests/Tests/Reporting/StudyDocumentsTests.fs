module CausalDebiasing.Tests.Reporting.StudyDocumentsTests

open System.Text.RegularExpressions
open Expecto
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Measures
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.TestedStudy

let private warned = {
    source with
        Environment = source.Environment @ [ "EndedUtc", "2026-11-30T10:01:49Z" ]
        Findings = [
            {
                findings with
                    BeforeRecalibration =
                        Some {
                            findings.Plain.Calibration with
                                Slope = measured 0.44
                        }
            }
        ]
        Results =
            (source.Results
             |> List.map (fun result ->
                 if result.Cell.Variant = Variant.recommended then
                     {
                         result with
                             Diagnostics =
                                 Map [
                                     "warnings",
                                     $"Outcomes are predicted worse (-{result.Measures.Head.Auroc:F2} standard errors): compare."
                                 ]
                     }
                 else
                     result))
            @ [
                SyntheticResults.failed source.Results.Head.Cell.Data "mt" Variant.plain "no"
            ]
}

/// For every item of the model card that a run fills, in whole or in part, what must be in it.
let private card = [
    "1.1",
    [
        "logistic (Logistic regression, mean fill)"
        "mt (Multimodal Transformer, arXiv:2204.05454)"
    ]
    "1.2", [ "plain, recommended"; "recalibrates" ]
    "1.3", [ "1.2.3.4"; "abcdef0"; $"results version {CellId.resultsVersion}" ]
    "1.4", [ "until 2026-11-30" ]
    "1.5", [ "declared defaults"; "BestEpoch" ]
    "1.6", [ "MIT" ]
    "2.1", [ "2 kinds of prediction model"; "coronary angiography" ]
    "2.2", [ "no model of this run was tried in care" ]
    "3.1", [ "site" ]
    "3.2", [ "cleveland 303 patients" ]
    "3.3", [ "fluoroscopy missing in 66 %" ]
    "4.1", [ "10 %, 20 %, 30 %, 50 %" ]
    "5.1", [ "heart-uci@site:va: 6000 training rows" ]
    "5.2", [ "site:va: 2000 rows tested" ]
    "5.3", [ "site 'va' tested and never trained on" ]
    "5.4", [ "509 of 920 rows of 411 patients" ]
    "5.5", [ "17 rows: outcome unknown" ]
    "5.6", [ "AUROC 0.608" ]
    "6.1", [ "+0.021 [-0.079, +0.121]"; "O/E 1.23 [1.13, 1.33]" ]
    "6.2", [ "site:va, logistic recommended: AUROC 0.720" ]
    "6.3", [ "slope 0.44 [0.34, 0.54] before and 0.87 [0.77, 0.97] after" ]
    "6.4", [ "by site: AUROC up to 0.111 apart plain, 0.111 recommended" ]
    "7.1", [ "2 fits of recommended: Outcomes are predicted worse: compare" ]
    "7.2", [ "associations"; "1 cell failed" ]
    "7.3", [ "CheckDrift" ]
    "8.1", [ "licence CC BY 4.0"; "aggregates only" ]
]

/// The same of PROBAST+AI; both parts have these of the first three domains.
let private probast = [
    for part in [ "D"; "E" ] do
        $"{part}1.1", [ "coronary angiography" ]
        $"{part}1.3", [ "17 rows left out: outcome unknown" ]
        $"{part}2.1", [ "patients of 2 sites" ]
        $"{part}2.2", [ "by training rows alone" ]

        if part = "D" then
            "D4.1", [ "6000 training rows" ]
            "D4.2", [ "categories are indicators" ]
            "D4.3", [ "fluoroscopy missing in 66 %" ]
            "D4.4", [ "no row was drawn or weighed" ]
            "D4.5", [ "declared defaults" ]
        else
            "E4.1", [ "site 'va' tested and never trained on" ]
            "E4.2", [ "288 events among 503 rows of 499 patients" ]
            "E4.3", [ "fluoroscopy missing in 66 %" ]
            "E4.4", [ "as recorded" ]
            "E4.5", [ "divided by patient" ]
            "E4.6", [ "a fit of its own" ]
            "E4.7", [ "net benefit at 10 %, 20 %, 30 %, 50 %" ]
]

let private text =
    function
    | Filled text -> text
    | Partly(text, _) -> text
    | Author _ -> ""

let private blanks (file: string) =
    Regex.Matches(file, @"\[AUTHOR: [^\]]+\]").Count

[<Tests>]
let tests =
    testList "study documents" [
        for name, items, facts, markdown in
            [
                "model card", ModelCard.items, card, ModelCard.markdown
                "probast", Probast.items, probast, Probast.markdown
            ] do
            testCase $"{name}: numbers are there once, and every item that a run fills is tested"
            <| fun () ->
                Expect.equal (items |> List.distinctBy _.Number).Length items.Length "numbers"

                let filled = [
                    for item in items do
                        if not (item.Answer warned).IsAuthor then
                            item.Number
                ]

                Expect.equal filled (List.map fst facts) "filled"

            for number, parts in facts do
                testCase $"{name}: item {number} has what the run knows of it"
                <| fun () ->
                    let item = items |> List.find (fun item -> item.Number = number)
                    let found = text (item.Answer warned)

                    for part in parts do
                        Expect.stringContains found part number

            testCase $"{name}: the file marks every blank, and shows neither markup of data nor a path"
            <| fun () ->
                let left =
                    items
                    |> List.filter (fun item -> not (item.Answer warned).IsFilled)
                    |> List.length

                Expect.equal (blanks (markdown warned)) left "blanks"

                let odd =
                    markdown {
                        warned with
                            Environment = [ "Command", "sweep --dataset '/home/someone/my.json'" ]
                            Data = [ { source.Data.Head with Title = "<b>|" } ]
                    }

                Expect.isFalse (odd.Contains "/home/") "no path"
                Expect.isFalse (odd.Contains "<b>") "no markup"
                Expect.stringContains odd "&lt;b&gt;&#124;" "but text"

        testCase "probast has the 16 questions on development and the 18 on evaluation"
        <| fun () -> Expect.equal (Probast.development.Length, Probast.evaluation.Length) (16, 18) "questions"

        testCase "a program of its own may prepare data otherwise, and where rows are weighed that is said"
        <| fun () ->
            let item number =
                Probast.items |> List.find (fun item -> item.Number = number)

            let others = {
                source with
                    Results = [
                        for result in source.Results ->
                            {
                                result with
                                    Cell = {
                                        result.Cell with
                                            Baseline = "my-script"
                                            Variant =
                                                if result.Cell.Variant = Variant.plain then
                                                    Variant.plain
                                                else
                                                    Variant.parse "--variants" "label-balance"
                                    }
                            }
                    ]
            }

            for number in [ "D2.2"; "D4.2"; "D4.5"; "E2.2" ] do
                match (item number).Answer others with
                | Partly(_, left) -> Expect.stringContains left "my-script" number
                | other -> failtest $"{number}: {other}"

            match (item "D4.4").Answer others with
            | Partly(known, _) -> Expect.stringContains known "label-balance" "weighed"
            | other -> failtest $"{other}"

        testCase "without kept predictions results are the author's, and calibration is not said to be judged"
        <| fun () ->
            let bare = { source with Findings = [] }

            for number in [ "6.1"; "6.3"; "6.4"; "3.1" ] do
                let item = ModelCard.items |> List.find (fun item -> item.Number = number)
                Expect.isTrue (item.Answer bare).IsAuthor number

            let judged = Probast.items |> List.find (fun item -> item.Number = "E4.7")
            Expect.isTrue (judged.Answer bare).IsPartly "calibration"
            Expect.isFalse ((ModelCard.markdown bare).Contains "### ") "no tables"

        testCase "the model card has tables of gains, calibration and subgroups"
        <| fun () ->
            let file = ModelCard.markdown warned

            for title in [ "### Gain by wrapping"; "### Calibration, plain"; "### Subgroups" ] do
                Expect.stringContains file title "table"
    ]
