module CausalDebiasing.Tests.Evidence.RegimeVerdictTests

open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Tests.Support
open Expecto

/// Plain at 0.70 and ceiling at 0.80 in a world with this confounding; recommended gains what `gain` says by baseline.
let private verdictOf confounding (gains: (string * float) list) =
    let results = [
        for baseline, gain in gains do
            for seed in 1..4 do
                let data = SyntheticResults.confounded confounding seed

                for variant, auroc in [ "plain", 0.7; "recommended", 0.7 + gain; "ceiling-augmented", 0.8 ] do
                    for condition in [ "do"; "reversed" ] do
                        "recommended-evidence", SyntheticResults.cell data baseline variant condition auroc
    ]

    results |> Observation.ofResults |> RegimeVerdict.all |> List.exactlyOne

[<Tests>]
let tests =
    testList "regime verdict" [
        testCase "a gap is closed by the share of plain to ceiling that recommended gains"
        <| fun () ->
            let met, missed =
                verdictOf 0.7 [ "zero-fill-mlp", 0.1; "mt", 0.09 ], verdictOf 0.7 [ "mt", 0.08 ]

            Expect.floatClose Accuracy.medium (RegimeVerdict.gapClosed met) 0.95 "mean of the baselines"
            Expect.isTrue met.IsMet "over 90 %"
            Expect.equal (met.Baselines, met.Seeds) (2, 4) "what it is a mean of"
            Expect.floatClose Accuracy.medium (RegimeVerdict.gapClosed missed) 0.8 "less"
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
            let level = verdictOf 0.7 [ "mt", 0.08 ]
            let text = RegimeTable.markdown [ { level with Ceiling = level.Plain } ]
            Expect.isFalse (text.Contains "\u221e" || text.Contains "Infinity") "no infinite share"
    ]
