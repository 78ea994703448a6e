module CausalDebiasing.Tests.Reporting.TripodTests

open System
open Expecto
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Measures
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.TestedStudy

/// For every item that a run fills, in whole or in part, what must be in it.
let private facts = [
    "1", [ "1 kind of prediction model"; "coronary angiography at four hospitals" ]
    "4", [ "logistic"; "plain, recommended" ]
    "5a", [ "920 rows of 411 patients" ]
    "6a", [ "2 sites (cleveland, va)" ]
    "6b", [ "17 rows left out: outcome unknown" ]
    "7", [ "23 implausible values" ]
    "8a", [ "coronary angiography" ]
    "9a", [ "fluoroscopy" ]
    "10",
    [
        $"6000 training rows with 55 %% events can carry {SampleSize.carried 6000 (SampleSize.expectedR2 (509. / 920.)) (509. / 920.)} candidate"
    ]
    "11", [ "fluoroscopy 66 %"; "AUROC 0.608" ]
    "12a", [ "site 'cleveland' tested and never trained on"; "site 'va'"; "1 seed for" ]
    "12b", [ "power transform" ]
    "12c", [ "logistic"; "declared defaults"; "BestEpoch on validation rows" ]
    "12d", [ "heart-uci@site:cleveland, heart-uci@site:va" ]
    "12e", [ "net benefit"; "10 %, 20 %, 30 %, 50 %" ]
    "12f", [ "recalibrated" ]
    "12g", [ "sweep --dataset heart-uci --leave-out all"; "rerun" ]
    "13", [ "55 % events"; "No row was drawn" ]
    "14", [ "gaps by site" ]
    "15", [ "probability"; "10 %, 20 %, 30 %, 50 %" ]
    "16", [ "never trained on" ]
    "18e", [ "CC BY 4.0" ]
    "18f", [ "1.2.3.4"; "abcdef0" ]
    "20a",
    [
        "937 rows read, 17 left out, 920 rows of 411 patients kept, 509 with the event"
    ]
    "20b", [ "va 200 patients, 75 % events" ]
    "20c", [ "training 55 % events" ]
    "21", [ "503 rows of 499 patients, 288 events"; "site:va: 2000 rows tested" ]
    "22", [ "Checkpoint.Save" ]
    "23a", [ "AUROC 0.820"; "AUROC 0.700"; "O/E 1.23"; "slope 0.87"; "+0.021" ]
    "23b", [ "AUROC of 2 sites up to 0.111 apart" ]
    "26", [ "associations" ]
    "27a", [ "one modality at least" ]
]

let private item number =
    Tripod.items |> List.find (fun item -> item.Number = number)

let private text =
    function
    | Filled text -> text
    | Partly(text, _) -> text
    | Author _ -> ""

[<Tests>]
let tests =
    testList "tripod" [
        testCase "there are 52 items, each once, and every one that a run fills is tested"
        <| fun () ->
            Expect.equal Tripod.items.Length 52 "items"
            Expect.equal (Tripod.items |> List.distinctBy _.Number).Length 52 "numbers"

            let filled = [
                for item in Tripod.items do
                    if not (item.Answer source).IsAuthor then
                        item.Number
            ]

            Expect.equal filled (List.map fst facts) "filled"

        for number, parts in facts do
            testCase $"item {number} has what the run knows of it"
            <| fun () ->
                let found = text ((item number).Answer source)

                for part in parts do
                    Expect.stringContains found part number

        testCase "what a run does not know is the author's"
        <| fun () ->
            let bare = {
                source with
                    Environment = []
                    Findings = []
                    Observations = []
            }

            for number in [ "12g"; "14"; "18f"; "21"; "23a"; "23b" ] do
                Expect.isTrue ((item number).Answer bare).IsAuthor number

        testCase "the file marks every blank, counts them, and shows no absolute path"
        <| fun () ->
            let file =
                Tripod.markdown {
                    source with
                        Environment = [ "Command", "sweep --dataset '/home/someone/my.json'" ]
                }

            let blanks = file.Split("[AUTHOR:").Length - 1

            let answers =
                Tripod.items
                |> List.map (fun item ->
                    item.Answer {
                        source with
                            Environment = [ "Command", "x" ]
                    })

            Expect.equal
                blanks
                (answers |> List.filter (fun answer -> not answer.IsFilled) |> List.length)
                "blanks"

            Expect.isFalse (file.Contains "/home/") "no path"

            let commented =
                Tripod.markdown {
                    source with
                        Data = [ { source.Data.Head with Title = "<b>|" } ]
                }

            Expect.stringContains commented "&lt;b&gt;&#124;" "no markup from data"
    ]
