module CausalDebiasing.Tests.Reporting.BaselineTableTests

open Expecto
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Tests.Support.SweepFixture

let private run experiment baseline variant seed aurocs =
    let item = (items 1).Head
    let template = (result item).Measures.Head

    experiment,
    {
        result item with
            Cell = {
                cell with
                    Data = { cell.Data with Seed = seed }
                    Baseline = baseline
                    Variant = variant
            }
            FitSeconds = float seed
            Diagnostics = Map [ Diagnostic.parameters, "1200"; Diagnostic.orderSpreadName, "0.004" ]
            Measures = [
                for condition, auroc in aurocs ->
                    {
                        template with
                            Condition = condition
                            Auroc = auroc
                    }
            ]
    }

let private results = [
    run "zoo" "mt" Variant.plain 1 [ "id", 0.7; "do", 0.6 ]
    run "zoo" "mt" Variant.plain 2 [ "id", 0.9; "do", 0.8 ]
    run "zoo" "mt" Variant.recommended 1 [ "id", 0.5; "do", 0.95 ]
    run "zoo" "grape" Variant.plain 1 [ "id", 0.6; "do", 0.75 ]
]

[<Tests>]
let tests =
    testList "baseline table" [
        testCase "averages over seeds, ranks by the do condition"
        <| fun () ->
            let table =
                Expect.wantSome (List.tryExactlyOne (BaselineTable.all results)) "one table"

            let rows =
                table.Rows
                |> List.map (fun row -> List.zip (List.map fst table.Columns) row |> Map.ofList)

            let cell baseline column =
                (rows |> List.find (fun row -> row["baseline"] = baseline))[column]

            Expect.equal (cell "mt" "acquisition id") "0.800 / 0.500" "plain and recommended"
            Expect.equal (cell "grape" "acquisition do") "0.750 / -" "not run as recommended"
            Expect.equal (cell "grape" "rank, acquisition do") "1" "best plain do AUROC"
            Expect.equal (cell "mt" "rank, acquisition do") "2" "second"
            Expect.equal (cell "grape" "family") "Graph" "family"
            Expect.equal (cell "mt" "parameters, acquisition") "1,200" "of the fitted network"
            Expect.equal (cell "mt" "fit s, acquisition") "1.5" "plain only"
            Expect.equal (cell "grape" "order spread") "0.0040" "of the graph method"

            let text = BaselineTable.markdown [ table ]
            Expect.stringContains text "| baseline " "Markdown"
            Expect.stringContains text "over seeds 1, 2" "says what is averaged"

        testCase "data sets with folds or a site left out are not in it"
        <| fun () ->
            let divided =
                results
                |> List.map (fun (experiment, result) ->
                    let data = {
                        result.Cell.Data with
                            Dataset = "heart-uci@folds:5"
                    }

                    experiment,
                    {
                        result with
                            Cell = { result.Cell with Data = data }
                    })

            Expect.isEmpty (BaselineTable.all divided) "alone"
            let table = List.exactlyOne (BaselineTable.all (results @ divided))

            Expect.isFalse
                (table.Columns |> List.exists (fun (name, _) -> name.Contains "heart"))
                "with others"

        testCase "experiments that vary a setting, or hold one baseline, have none"
        <| fun () ->
            let first = snd results.Head

            let other = {
                first with
                    Cell = {
                        first.Cell with
                            Data = {
                                first.Cell.Data with
                                    Confounding = 0.1
                            }
                    }
            }

            Expect.isEmpty (BaselineTable.all (("zoo", other) :: results)) "two settings of one world"
            Expect.isEmpty (BaselineTable.all (List.take 3 results)) "one baseline"
    ]
