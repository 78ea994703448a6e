module CausalDebiasing.Tests.Reporting.TuningTableTests

open Expecto
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Tests.Support.SweepFixture
open CausalDebiasing.Predictors

/// A finished cell of a hyper-parameter setting; the test AUROC is the seed's fixture value plus a bonus.
let private run hyperparameters seed loss bonus =
    let cell = {
        cell with
            Data = { cell.Data with Seed = seed }
            Hyperparameters = hyperparameters
    }

    let item = (items 1).Head

    let result = {
        result { item with Cell = cell } with
            Diagnostics = Map [ Diagnostic.validationLogLoss, Diagnostic.number loss ]
    }

    "sweep",
    {
        result with
            Measures = result.Measures |> List.map (fun m -> { m with Auroc = 0.5 + bonus })
    }

let private wide, narrow = Map [ "width", 64. ], Map [ "width", 16. ]

[<Tests>]
let tests =
    testList "tuning table" [
        testCase "the least mean validation loss wins, whatever the test set says"
        <| fun () ->
            let rows =
                TuningTable.rows [
                    run Map.empty 1 0.5 0.3
                    run Map.empty 2 0.5 0.3
                    run wide 1 0.3 0.1
                    run wide 2 0.5 0.1
                    run narrow 1 0.6 0.4
                    run narrow 2 0.7 0.4
                ]

            let row = Expect.wantSome (List.tryExactlyOne rows) "one method"
            Expect.equal (row.Candidates, row.Seeds) (3, 2) "counts"
            Expect.equal row.Chosen wide "lowest mean loss"
            Expect.floatClose Accuracy.high (snd row.ValidationLogLoss) 0.4 "its loss"
            let condition, defaults, chosen = row.Auroc.Head
            Expect.equal condition "do" "condition"
            Expect.floatClose Accuracy.high defaults 0.8 "test AUROC of the defaults"
            Expect.floatClose Accuracy.high chosen 0.6 "test AUROC of the chosen"

        testCase "a setting that lacks a seed cannot win"
        <| fun () ->
            let rows =
                TuningTable.rows [
                    run Map.empty 1 0.5 0.
                    run Map.empty 2 0.5 0.
                    run wide 1 0.1 0.
                    run narrow 1 0.6 0.
                    run narrow 2 0.6 0.
                ]

            Expect.equal (rows |> List.map _.Chosen) [ Map.empty ] "the defaults"
            Expect.equal (TuningTable.describe rows.Head.Chosen) "defaults" "in words"

        testCase "without a search there is nothing to say"
        <| fun () -> Expect.isEmpty (TuningTable.rows [ run Map.empty 1 0.5 0. ]) "one setting"
    ]
