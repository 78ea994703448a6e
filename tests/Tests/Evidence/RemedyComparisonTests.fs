module CausalDebiasing.Tests.Evidence.RemedyComparisonTests

open CausalDebiasing.Bench.Conditions
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
                    Variant.plain, level
                    (Variant.preset "irm"), level + 0.03 + 0.001 * float (seed % 2)
                    (Variant.preset "jtt"), level + 0.08 + (if seed % 2 = 0 then 0.02 else -0.02)
                    Variant.recommended, level + 0.08
                    Variant.ceilingAugmented, level + 0.1
                ] do
                "recommended-evidence",
                SyntheticResults.cell
                    (SyntheticResults.confounded confounding seed)
                    "zero-fill-mlp"
                    variant
                    "do"
                    auroc

            "recommended-evidence",
            SyntheticResults.cell
                (SyntheticResults.confounded confounding seed)
                "mt"
                Variant.recommended
                "do"
                level
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
                    for remedy in [ Variant.plain; Variant.preset "irm"; Variant.preset "jtt" ] ->
                        "confounding, kappa 0.7", "zero-fill-mlp", remedy
                ]
                "neither ceilings nor regimes without bias"

        testCase "where another variant is judged, it is what is compared"
        <| fun () ->
            let assumed =
                Regime.hard
                |> List.find (fun regime -> regime.Treated = Variant.preset "recommended-assumed")

            let variants = [ Variant.plain, 0.7; assumed.Treated, 0.8; Variant.preset "irm", 0.75 ]

            let compared without =
                [
                    for seed in 1..3 do
                        for variant, auroc in variants do
                            if Some variant <> without then
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

            Expect.equal
                (compared None |> List.map _.Remedy)
                [ Variant.plain; Variant.preset "irm" ]
                "the others"

            Expect.all (compared None) (fun row -> abs (row.Recommended - 0.8) < 1e-9) "with it"
            Expect.isEmpty (compared (Some(Variant.preset "irm"))) "it is no remedy beside itself"

        testCase "differences are paired over seeds and their p-values adjusted over all comparisons"
        <| fun () ->
            let irm, jtt = find (Variant.preset "irm"), find (Variant.preset "jtt")
            Expect.floatClose Accuracy.medium irm.Difference.Mean 0.0495 "recommended minus IRM"
            Expect.equal irm.Difference.Count 6 "six seeds"
            Expect.floatClose Accuracy.medium irm.Recommended 0.815 "its mean"
            Expect.floatClose Accuracy.medium irm.Auroc 0.7655 "and IRM's"
            Expect.floatClose Accuracy.medium jtt.Difference.Mean 0. "level with JTT"
            Expect.floatClose Accuracy.medium jtt.AdjustedP 1. "which nothing separates"

            let raw =
                Statistics.tTest 0. [ for seed in 1..6 -> 0.05 - 0.001 * float (seed % 2) ]

            Expect.floatClose Accuracy.medium irm.AdjustedP (2. * raw) "second smallest of three"

        testCase "means are over the seeds that all have"
        <| fun () ->
            let more = [
                for seed in 7..8 do
                    for variant in [ Variant.plain; Variant.recommended ] do
                        "recommended-evidence",
                        SyntheticResults.cell
                            (SyntheticResults.confounded 0.7 seed)
                            "zero-fill-mlp"
                            variant
                            "do"
                            0.95
            ]

            let uneven = results @ more |> Observation.ofResults |> RemedyComparison.all
            Expect.equal uneven comparisons.Value "seeds that no remedy has count for none"

        testCase "the table marks what recommended is ahead of"
        <| fun () ->
            let text = RemedyTable.markdown comparisons.Value
            Expect.stringContains text "0.766 *" "IRM"
            Expect.stringContains text "| 0.815 |" "JTT, not marked, and recommended"
            Expect.stringContains text "2 of 3 comparisons" "and counts them"
            Expect.equal (RemedyTable.markdown []) "" "nothing to say"
    ]
