module CausalDebiasing.Tests.Reporting.RankTableTests

open System
open System.Text.RegularExpressions
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Tests.Support
open Expecto
open Giraffe.ViewEngine

let private auroc baseline seed =
    0.6
    + 0.01 * float (List.findIndex ((=) baseline) [ "mt"; "muse"; "lightgbm" ])
    + 0.1 * float seed

let private plain baseline kappa seed =
    SyntheticResults.cell
        (SyntheticResults.world "acquisition" kappa 0. seed)
        baseline
        Variant.plain
        "do"
        (auroc baseline seed)

/// Plain models by setting and seed, but for those that are left out.
let private run (settings: float list) isLeftOut = [
    for kappa in settings do
        for baseline in [ "mt"; "muse"; "lightgbm" ] do
            for seed in 1..2 do
                if not (isLeftOut baseline kappa seed) then
                    plain baseline kappa seed
]

let private table (seconds: CellResult -> float) (results: CellResult list) =
    let seconds =
        results |> List.map (fun result -> result.CellId, seconds result) |> Map.ofList

    let observations =
        results |> List.map (fun result -> "one", result) |> Observation.ofResults

    Expect.wantSome (RankTable.create seconds observations) "table"

let private method' baseline (table: RankTable) =
    table.Methods |> List.find (fun one -> one.Baseline = baseline)

[<Tests>]
let tests =
    testList "RankTable" [
        test "AUROC and seconds are means over the seeds that all methods have" {
            let ranks =
                run [ 0.; 1. ] (fun baseline kappa seed -> baseline = "lightgbm" && kappa = 1. && seed = 2)
                |> table (fun result ->
                    match result.Cell.Data.Confounding, result.Cell.Data.Seed with
                    | 1., 2 -> 1000.
                    | _, seed -> 10. * float seed)

            for baseline in [ "mt"; "muse"; "lightgbm" ] do
                let first, second = auroc baseline 1, auroc baseline 2

                List.iter2
                    (fun actual expected ->
                        Expect.floatClose Accuracy.high actual expected $"{baseline}'s AUROC")
                    (method' baseline ranks).Blocks
                    [ (first + second) / 2.; first ]

                Expect.floatClose
                    Accuracy.high
                    (method' baseline ranks).Seconds
                    (40. / 3.)
                    $"{baseline}'s seconds"
        }

        test "a setting without a seed that all methods have is left out, with its seconds" {
            let ranks =
                run [ 0.; 0.5; 1. ] (fun baseline kappa seed ->
                    kappa = 1. && seed = (if baseline = "mt" then 1 else 2))
                |> table (fun result -> if result.Cell.Data.Confounding = 1. then 1000. else 10.)

            Expect.equal ranks.Settings 2 "settings"

            for one in ranks.Methods do
                Expect.hasLength one.Blocks 2 "blocks"
                Expect.floatClose Accuracy.high one.Seconds 10. "seconds"
        }

        test "a model whose seconds are not known has a dash, and the others are compared without it" {
            let ranks =
                run [ 0.; 1. ] (fun _ _ _ -> false)
                |> table (fun result ->
                    match result.Cell.Baseline with
                    | "lightgbm" -> nan
                    | "muse" -> 5.
                    | _ -> 10.)

            Expect.isTrue (Double.IsNaN (method' "lightgbm" ranks).Seconds) "seconds"
            let html = RenderView.AsString.htmlNode (ReportMeasures.ranks ranks)

            for baseline, shown in [ "lightgbm", "-"; "muse", "yes"; "mt", "no" ] do
                let row = Regex.Match(html, $"<tr data-b=\"{baseline}\".*?</tr>")
                Expect.stringContains row.Value $"class=\"front\">{shown}<" baseline
        }
    ]
