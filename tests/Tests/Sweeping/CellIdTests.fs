module CausalDebiasing.Tests.Sweeping.CellIdTests

open System.Text.Json
open Expecto
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.SweepFixture
open CausalDebiasing.Predictors

let private canonical (text: string) =
    use document = JsonDocument.Parse text
    Json.canonical document.RootElement

[<Tests>]
let tests =
    testList "cell id" [
        testCase "an identity and its id are fixed"
        <| fun () ->
            let expected =
                """{"baseline":"zero-fill-mlp","baselineVersion":"1","data":{"confounding":0.7,"content":"1","dataset":"acquisition","mechanism":"acquisition","mechanismStrength":0.5,"missingRate":0.3,"seed":1,"signal":1,"trainSize":null,"unbiased":false},"debiasing":null,"hyperparameters":{"learning-rate":0.001,"width":128},"resultsVersion":15,"variant":"plain"}"""

            Expect.equal (CellId.identity catalog cell) expected "identity"
            Expect.equal (CellId.ofCell catalog cell) "42bea19950dff4806b8a" "id"

        testCase "key order, white space and number format do not matter"
        <| fun () ->
            Expect.equal
                (canonical """{ "b": [1.0, 2e0], "a": {"y": null, "x": true} }""")
                (canonical """{"a":{"x":true,"y":null},"b":[1,2]}""")
                "same value, same text"

        testCase "the options' key order does not matter"
        <| fun () ->
            let reordered = {
                catalog with
                    Presets = catalog.Presets.Add(Variant.paper, """{"Mode":"both","Swap":1}""")
            }

            let paper = { cell with Variant = Variant.paper }
            Expect.equal (CellId.ofCell reordered paper) (CellId.ofCell catalog paper) "same options, same id"

        testCase "everything a result depends on changes the id"
        <| fun () ->
            let variations = [
                { cell with Baseline = "logistic" }
                { cell with Variant = Variant.paper }
                {
                    cell with
                        Variant = Variant.recommended
                }
                {
                    cell with
                        Hyperparameters = Map [ "width", 64. ]
                }
                { cell with Cell.Data.Seed = 2 }
                { cell with Cell.Data.Unbiased = true }
                {
                    cell with
                        Cell.Data.MissingRate = None
                }
                {
                    cell with
                        Cell.Data.MissingRate = Some 0.31
                }
                { cell with Cell.Data.Mechanism = Mar }
                {
                    cell with
                        Cell.Data.MechanismStrength = 0.6
                }
                {
                    cell with
                        Cell.Data.Confounding = 0.8
                }
                { cell with Cell.Data.Signal = 4. }
                {
                    cell with
                        Cell.Data.TrainSize = Some 500
                }
                {
                    cell with
                        Cell.Data.Dataset = "physionet2012"
                }
            ]

            let ids = cell :: variations |> List.map (CellId.ofCell catalog)
            Expect.equal (List.distinct ids).Length ids.Length "all ids differ"

        testCase "a hyper-parameter set to its default changes nothing"
        <| fun () ->
            Expect.equal
                (CellId.ofCell catalog {
                    cell with
                        Hyperparameters = Map [ "width", 128. ]
                })
                (CellId.ofCell catalog cell)
                "same values, same id"

        testCase "a data set that is not here is the user's mistake, named"
        <| fun () ->
            let elsewhere = {
                cell with
                    Cell.Data.Dataset = "cohorts/gone.csv"
            }

            Expect.stringContains
                (InputErrors.message (fun () -> CellId.ofCell catalog elsewhere))
                "'cohorts/gone.csv' is not here"
                "which"

        testCase "a change says what changed"
        <| fun () ->
            let newer = {
                catalog with
                    Baselines = catalog.Baselines |> List.map (fun entry -> { entry with Version = "2" })
            }

            Expect.equal
                (IdentityChange.describe (CellId.identity catalog cell) (CellId.identity newer cell))
                "baselineVersion \"1\" -> \"2\""
                "one difference"
    ]
