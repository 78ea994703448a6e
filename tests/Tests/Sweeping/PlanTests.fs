module CausalDebiasing.Tests.Sweeping.PlanTests

open Expecto
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support.SweepFixture

let private message body =
    try
        body () |> ignore
        failtest "nothing was raised"
    with :? InputException as mistake ->
        Expect.isFalse (mistake.Message.Contains '\n') "one line"
        mistake.Message

let private refuses grid (parts: string list) =
    let said = message (fun () -> Plan.ofGrid catalog "test" grid)

    for part in parts do
        Expect.stringContains said part "message"

[<Tests>]
let tests =
    testList "plan" [
        testCase "is the product of its axes"
        <| fun () ->
            let plan =
                Plan.ofGrid catalog "test" {
                    grid with
                        Baselines = [ "zero-fill-mlp"; "logistic" ]
                        Variants = [ Variant.plain; Variant.paper; Variant.ceiling ]
                        Confoundings = [ 0.; 0.5 ]
                        Seeds = [ 1; 2; 3 ]
                }

            Expect.equal plan.Cells.Length (2 * 3 * 2 * 3) "cells"
            Expect.equal (List.distinct plan.Cells).Length plan.Cells.Length "all differ"

        testCase "every method of a search has as many candidates, the defaults among them"
        <| fun () ->
            let plan = Plan.ofGrid catalog "test" { grid with Candidates = 3 }

            Expect.equal
                [ for planned in plan.Cells -> planned.Cell.Hyperparameters ]
                [ Map.empty; Map [ "width", 8. ]; Map [ "width", 16. ] ]
                "candidates"

        testCase "ceiling cells, and only they, train without bias"
        <| fun () ->
            let plan =
                Plan.ofGrid catalog "test" {
                    grid with
                        Variants = [ Variant.plain; Variant.paper; Variant.ceiling; Variant.ceilingAugmented ]
                }

            Expect.equal
                (plan.Cells
                 |> List.map (fun planned -> planned.Cell.Variant, planned.Cell.Data.Unbiased))
                [
                    Variant.plain, false
                    Variant.paper, false
                    Variant.ceiling, true
                    Variant.ceilingAugmented, true
                ]
                "both ceilings"

            Expect.stringContains
                (CellId.identity catalog (List.last plan.Cells).Cell)
                "\"debiasing\":{\"Drop\":0.3}"
                "the options of the augmentation count"

        testCase "repeated values and strengths of MCAR make no second cell"
        <| fun () ->
            let plan =
                Plan.ofGrid catalog "test" {
                    grid with
                        Seeds = [ 1; 1 ]
                        Variants = [ Variant.plain; Variant.plain ]
                        Mechanisms = [ Mcar; Mar ]
                        MechanismStrengths = [ 0.5; 1. ]
                }

            Expect.equal plan.Cells.Length 3 "MCAR once, MAR twice"

        testCase "recorded data have one condition and no ceiling, whatever the axes that they do not have"
        <| fun () ->
            let plan =
                Plan.ofGrid catalog "test" {
                    Grid.asRecorded grid with
                        Datasets = [ "physionet2012" ]
                        Variants = [ Variant.plain; Variant.ceiling; Variant.ceilingAugmented ]
                        MissingRates = [ 0.1; 0.5 ]
                        Signals = [ 1.; 2. ]
                }

            Expect.equal plan.Cells.Length 1 "one condition, no ceiling"

            Expect.equal
                (CellId.identity catalog plan.Cells.Head.Cell)
                """{"baseline":"zero-fill-mlp","baselineVersion":"1","data":{"confounding":0,"content":"abc","dataset":"physionet2012","mechanism":"natural","mechanismStrength":0,"missingRate":null,"seed":1,"signal":1,"trainSize":null,"unbiased":false},"debiasing":null,"hyperparameters":{"learning-rate":0.001,"width":128},"resultsVersion":15,"variant":"plain"}"""
                "the identity is that of data as they are"

            Expect.exists plan.Notes (fun note -> note.Contains "no ceiling") "says so"

        testCase "recorded data with an injected bias have a ceiling, and only they"
        <| fun () ->
            let plan =
                Plan.ofGrid catalog "test" {
                    Grid.asRecorded grid with
                        Datasets = [ "physionet2012" ]
                        Variants = [ Variant.plain; Variant.ceiling ]
                        MissingRates = [ 0.3 ]
                        Mechanisms = [ Natural; OutcomeLinked ]
                        MechanismStrengths = [ 0.7 ]
                        Confoundings = [ 0.; 0.7 ]
                }

            let conditions variant = [
                for planned in plan.Cells do
                    if planned.Cell.Variant = variant then
                        planned.Cell.Data.Mechanism, planned.Cell.Data.Confounding
            ]

            let injected = [ Natural, 0.7; OutcomeLinked, 0.; OutcomeLinked, 0.7 ]
            Expect.equal (conditions Variant.plain) ((Natural, 0.) :: injected) "all"
            Expect.equal (conditions Variant.ceiling) injected "where something is injected"

        testCase "a baseline is left out of the variants that it cannot be had in, and the rest remains"
        <| fun () ->
            let plan =
                Plan.ofGrid catalog "test" {
                    grid with
                        Baselines = [ "zero-fill-mlp"; "logistic" ]
                        Variants = [ Variant.plain; Variant.paper; irm ]
                }

            let pairs =
                plan.Cells
                |> List.map (fun planned -> planned.Cell.Baseline, planned.Cell.Variant)

            Expect.equal
                pairs
                [
                    "zero-fill-mlp", Variant.plain
                    "zero-fill-mlp", Variant.paper
                    "zero-fill-mlp", (Variant.preset "irm")
                    "logistic", Variant.plain
                    "logistic", Variant.paper
                ]
                "all but one"

            Expect.contains plan.Notes "logistic: not as irm: 'logistic' is no network; wrap one." "says why"

        testCase "a data set of one site is left out of the variants that compare sites"
        <| fun () ->
            let single = {
                catalog with
                    Datasets = [
                        {
                            dataset "acquisition" true (Ok "1") with
                                HasSites = lazy false
                        }
                    ]
            }

            let plan =
                Plan.ofGrid single "test" {
                    grid with
                        Variants = [ Variant.plain; irm ]
                }

            Expect.equal (plan.Cells |> List.map _.Cell.Variant) [ Variant.plain ] "the rest remains"
            Expect.exists plan.Notes (fun note -> note.StartsWith "acquisition: not as irm,") "says so"

        testCase "a plan of which nothing is left is refused with the reason"
        <| fun () ->
            let plan =
                Plan.ofGrid catalog "test" {
                    grid with
                        Baselines = [ "logistic" ]
                        Variants = [ irm ]
                }

            Expect.stringContains (message (fun () -> Plan.requireCells plan)) "logistic: not as irm" "why"

        testCase "absent data are skipped with the reason, or refused"
        <| fun () ->
            let plan =
                Plan.ofGrid catalog "test" {
                    grid with
                        Datasets = [ "acquisition"; "eicu-demo" ]
                }

            Expect.equal (plan.Cells.Length, plan.Skipped.Length) (1, 1) "the rest remains"
            Expect.equal (snd plan.Skipped.Head) "no folder eicu-demo" "reason"
            Expect.stringContains (message (fun () -> Plan.requireData plan)) "no folder eicu-demo" "refused"

        testCase "mistakes name the option and the remedy"
        <| fun () ->
            refuses
                {
                    grid with
                        Baselines = [ "zero-fil-mlp" ]
                }
                [ "--baselines"; "did you mean 'zero-fill-mlp'" ]

            refuses
                {
                    grid with
                        Datasets = [ "acquisitoin" ]
                }
                [ "--dataset"; "did you mean 'acquisition'" ]

            refuses { grid with MissingRates = [ 1.2 ] } [ "--missing-rate 1.2"; "below 1" ]
            refuses { grid with MissingRates = [ nan ] } [ "--missing-rate" ]

            refuses
                {
                    grid with
                        MechanismStrengths = [ -1. ]
                }
                [ "--mechanism-strength -1" ]

            refuses { grid with Confoundings = [ 1.5 ] } [ "--confounding 1.5" ]
            refuses { grid with Signals = [ 0. ] } [ "--signal 0" ]
            refuses { grid with TrainSizes = [ Some 3 ] } [ "--train-size 3" ]
            refuses { grid with Seeds = [ -1 ] } [ "--seeds -1" ]
            refuses { grid with Seeds = [] } [ "--seeds has no values" ]

        testCase "what a data set cannot honour is refused"
        <| fun () ->
            let strict = {
                catalog with
                    Datasets = [
                        {
                            dataset "acquisition" true (Ok "1") with
                                Check = fun _ -> raise (InputException "not this mechanism")
                        }
                    ]
            }

            Expect.equal
                (message (fun () -> Plan.ofGrid strict "test" grid))
                "not this mechanism"
                "the data set's own message"

        testCase "a cell of two experiments is computed once"
        <| fun () ->
            let both =
                Plan.append (Plan.ofGrid catalog "one" grid) (Plan.ofGrid catalog "two" grid)

            Expect.equal both.Cells.Length 2 "belongs to both"
            Expect.equal (Todo.items catalog both).Length 1 "is one"

        testCase "what one of two plans can run is not skipped"
        <| fun () ->
            let absent = {
                catalog with
                    Datasets = [ dataset "acquisition" true (Error "not here") ]
            }

            let here, elsewhere = Plan.ofGrid catalog "one" grid, Plan.ofGrid absent "one" grid
            let other = Plan.ofGrid absent "two" grid
            Expect.hasLength elsewhere.Skipped 1 "skipped"

            for both in [ Plan.append here elsewhere; Plan.append elsewhere here ] do
                Expect.equal both.Cells here.Cells "runs"
                Expect.isEmpty both.Skipped "not skipped"

            Expect.hasLength (Plan.append here other).Skipped 1 "another experiment's"
    ]
