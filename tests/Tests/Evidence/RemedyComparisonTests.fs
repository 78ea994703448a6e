module CausalDebiasing.Tests.Evidence.RemedyComparisonTests

open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Tests.Support
open Expecto

/// IRM is behind by about 0.05, JTT now ahead and now behind.
let private results = [
    for confounding in [ 0.; 0.7 ] do
        for seed in 1..6 do
            let level = 0.7 + 0.01 * float seed

            for variant, auroc in
                [
                    "plain", level
                    "irm", level + 0.03 + 0.001 * float (seed % 2)
                    "jtt", level + 0.08 + (if seed % 2 = 0 then 0.02 else -0.02)
                    "recommended", level + 0.08
                    "ceiling-augmented", level + 0.1
                ] do
                "recommended-evidence",
                SyntheticResults.cell
                    (SyntheticResults.confounded confounding seed)
                    "zero-fill-mlp"
                    variant
                    "do"
                    auroc

            "recommended-evidence",
            SyntheticResults.cell (SyntheticResults.confounded confounding seed) "mt" "recommended" "do" level
]

let private comparisons =
    lazy (results |> Observation.ofResults |> RemedyComparison.all)

let private find remedy =
    comparisons.Value |> List.find (fun row -> row.Remedy = remedy)

[<Tests>]
let tests =
    testList "remedy comparison" [
        testCase "remedies are compared in regimes with a bias, by baselines that ran them"
        <| fun () ->
            Expect.equal
                (comparisons.Value
                 |> List.map (fun row -> row.Regime.Name, row.Baseline, row.Remedy))
                [
                    for remedy in [ "plain"; "irm"; "jtt" ] ->
                        "confounding, kappa 0.7", "zero-fill-mlp", remedy
                ]
                "neither ceilings nor regimes without bias"

        testCase "where another variant is judged, it is what is compared"
        <| fun () ->
            let assumed =
                Regime.hard |> List.find (fun regime -> regime.Treated = "recommended-assumed")

            let variants = [ "plain", 0.7; assumed.Treated, 0.8; "irm", 0.75 ]

            let compared without =
                [
                    for seed in 1..3 do
                        for variant, auroc in variants do
                            if variant <> without then
                                "recommended-evidence",
                                SyntheticResults.cell
                                    {
                                        SyntheticResults.confounded assumed.Confounding seed with
                                            Dataset = assumed.Dataset
                                    }
                                    "zero-fill-mlp"
                                    variant
                                    "do"
                                    auroc
                ]
                |> Observation.ofResults
                |> RemedyComparison.all

            Expect.equal (compared "" |> List.map _.Remedy) [ "plain"; "irm" ] "the others"
            Expect.all (compared "") (fun row -> abs (row.Recommended - 0.8) < 1e-9) "with it"
            Expect.isEmpty (compared "irm") "it is no remedy beside itself"

        testCase "differences are paired over seeds and their p-values adjusted over all comparisons"
        <| fun () ->
            let irm, jtt = find "irm", find "jtt"
            Expect.floatClose Accuracy.medium irm.Difference.Mean 0.0495 "recommended minus IRM"
            Expect.equal irm.Difference.Count 6 "six seeds"
            Expect.floatClose Accuracy.medium irm.Recommended 0.815 "its mean"
            Expect.floatClose Accuracy.medium irm.Auroc 0.7655 "and IRM's"
            Expect.floatClose Accuracy.medium jtt.Difference.Mean 0. "level with JTT"
            Expect.floatClose Accuracy.medium jtt.AdjustedP 1. "which nothing separates"

            let raw =
                Statistics.tTest 0. [ for seed in 1..6 -> 0.05 - 0.001 * float (seed % 2) ]

            Expect.floatClose Accuracy.medium irm.AdjustedP (2. * raw) "second smallest of three"

        testCase "the table marks what recommended is ahead of"
        <| fun () ->
            let text = RemedyTable.markdown comparisons.Value
            Expect.stringContains text "0.766 *" "IRM"
            Expect.stringContains text "| 0.815 |" "JTT, not marked, and recommended"
            Expect.stringContains text "2 of 3 comparisons" "and counts them"
            Expect.equal (RemedyTable.markdown []) "" "nothing to say"
    ]
