module CausalDebiasing.Tests.Evidence.RegimeVerdictTests

open System
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Tests.Support
open Expecto

/// Plain at 0.70 in a world with this confounding, and the ceiling by seed; recommended gains what `gain` says by baseline.
let private verdictTo confounding ceiling (gains: (string * float) list) =
    let results = [
        for baseline, gain in gains do
            for seed in 1..4 do
                let data = SyntheticResults.confounded confounding seed

                for variant, auroc in
                    [
                        Variant.plain, 0.7
                        Variant.recommended, 0.7 + gain
                        Variant.ceilingAugmented, ceiling seed
                    ] do
                    for condition in [ "do"; "reversed" ] do
                        "recommended-evidence", SyntheticResults.cell data baseline variant condition auroc
    ]

    results |> Observation.ofResults |> RegimeVerdict.all |> List.exactlyOne

/// The ceiling at 0.80.
let private verdictOf confounding gains =
    verdictTo confounding (fun _ -> 0.8) gains

[<Tests>]
let tests =
    testList "regime verdict" [
        testCase "a gap is closed by the share of plain to ceiling that recommended gains"
        <| fun () ->
            let met, missed =
                verdictOf 0.7 [ "zero-fill-mlp", 0.1; "mt", 0.09 ], verdictOf 0.7 [ "mt", 0.08 ]

            Expect.floatClose Accuracy.medium (met.Share) 0.95 "mean of the baselines"
            Expect.isTrue met.IsMet "over 90 %"
            Expect.equal (met.Baselines, met.Seeds) (2, 4) "what it is a mean of"
            Expect.floatClose Accuracy.medium (missed.Share) 0.8 "less"
            Expect.isFalse missed.IsMet "under 90 %"

        testCase "without bias one baseline that loses is enough to fail"
        <| fun () ->
            Expect.isTrue (verdictOf 0. [ "zero-fill-mlp", 0.01; "mt", -0.004 ]).IsMet "within the margin"
            let failed = verdictOf 0. [ "zero-fill-mlp", 0.02; "mt", -0.006 ]
            Expect.isFalse failed.IsMet "beyond it"
            Expect.equal (fst failed.WorstBaseline) "mt" "named"

        testCase "the table says what was reached and what was asked"
        <| fun () ->
            let text = RegimeTable.markdown [ verdictOf 0.7 [ "mt", 0.08 ] ]
            Expect.stringContains text "confounding, kappa 0.7" "regime"
            Expect.stringContains text "80 %" "reached"
            Expect.stringContains text "90 %" "asked"
            Expect.stringContains text "| no " "missed"

        testCase "where plain is at the ceiling there is no gap to print"
        <| fun () ->
            let level = verdictTo 0.7 (fun _ -> 0.7) [ "mt", 0.08 ]
            let text = RegimeTable.markdown [ level ]
            Expect.isFalse level.IsMet "nothing to meet"
            Expect.stringContains text "no gap" "said"
            Expect.isFalse (text.Contains "\u221e" || text.Contains "Infinity") "no infinite share"

        testCase "a gap within what differs between seeds is none, here as in the summary"
        <| fun () ->
            let noisy =
                verdictTo 0.7 (fun seed -> if seed = 1 then 0.78 else 0.69) [ "mt", 0.08 ]

            Expect.isGreaterThan noisy.Ceiling noisy.Plain "the ceiling is ahead on average"
            Expect.isTrue (Double.IsNaN noisy.Share) "no gap"
    ]
