module CausalDebiasing.Tests.Reporting.ClinicalTableTests

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Tests.Support
open Expecto

let private results = [
    for dataset, condition, seeds in
        [
            "heart-uci@folds:5", "id", [ 1..10 ]
            "physionet2012@site:CCU", "site:CCU", [ 1 ]
            "physionet2012@site:MICU", "site:MICU", [ 1 ]
            "eicu-demo@time", "later", [ 1..2 ]
        ] do
        for baseline, level in [ "mt", 0.8; "muse", 0.75 ] do
            for seed in seeds do
                for variant, gain in [ Variant.plain, 0.; Variant.recommended, 0.01 * float (seed % 3) ] do
                    "clinical",
                    SyntheticResults.cell
                        {
                            SyntheticResults.physionet seed with
                                Dataset = dataset
                        }
                        baseline
                        variant
                        condition
                        (level + gain)
]

let private comparisons =
    lazy (results |> Observation.ofResults |> ClinicalComparison.all)

[<Tests>]
let tests =
    testList "clinical table" [
        test "a name that looks like markup is text in Markdown" {
            let comparison = comparisons.Value.Head
            let name = "<script>alert(1)</script>|x"

            let text =
                ClinicalTable.markdown [
                    {
                        comparison with
                            Data.Dataset = name
                            Rows = comparison.Rows |> List.map (fun row -> { row with Baseline = name })
                    }
                ]

            Expect.isFalse (text.Contains "<script>") "no tag"
            Expect.stringContains text "&lt;script&gt;" "readable"
            Expect.isFalse (text.Contains "</script>|x") "no column of its own"
        }

        test "one table for each data set and condition, baselines in rows, and what was averaged in words" {
            let tables = ClinicalTable.all comparisons.Value

            Expect.equal
                (tables |> List.map _.Title)
                [
                    "eicu-demo@time: later, one test set"
                    "heart-uci@folds:5: id, 10 folds of repeated 5-fold cross-validation"
                    "physionet2012: site left out, 2 sites left out in turn"
                ]
                "titles"

            let later, folds, sites = tables[0], tables[1], tables[2]
            Expect.equal later.Rows.Head [ "mt"; "0.800"; "0.815"; "+0.015"; "-" ] "no interval, no p"
            Expect.equal (List.take 3 folds.Rows.Head) [ "mt"; "0.800"; "0.810" ] "means"
            Expect.stringStarts (List.item 3 folds.Rows.Head) "+0.010 [" "with interval"
            Expect.stringStarts folds.Summary "Mean over 2 baselines: +0.010 [" "summary"
            Expect.stringContains sites.Summary "By site: CCU +0.010, MICU +0.010." "by site"

            for table in tables do
                for row in table.Rows do
                    Expect.hasLength row table.Columns.Length "cells"

            let text = ClinicalTable.markdown comparisons.Value
            Expect.stringContains text "## Means over baselines" "overview"
            Expect.stringContains text "## heart-uci@folds:5: id" "heading"
            Expect.stringContains text "| baseline " "table"
            Expect.stringContains text "Nadeau and Bengio" "says how"
        }

        test "the console has a line for each comparison" {
            let text = ClinicalTable.console comparisons.Value

            Expect.equal
                (text.Split('\n') |> Array.filter (fun line -> line.StartsWith "| ")).Length
                5
                "lines"

            Expect.equal (ClinicalTable.console []) "" "nothing to say"
        }
    ]
