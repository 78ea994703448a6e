module CausalDebiasing.Tests.Evidence.RegimeVerdictTests

open System
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Tests.Support
open Expecto

/// Plain at 0.70 in a regime's data, and the ceiling by seed; recommended gains what `gain` says by baseline and seed.
let private verdictIn data ceiling (gains: (string * (int -> float)) list) seeds =
    let results = [
        for baseline, gain in gains do
            for seed in seeds do
                for variant, auroc in
                    [
                        Variant.plain, 0.7
                        Variant.recommended, 0.7 + gain seed
                        Variant.ceilingAugmented, ceiling seed
                    ] do
                    for condition in [ "do"; "reversed" ] do
                        "recommended-evidence",
                        SyntheticResults.cell (data seed) baseline variant condition auroc
    ]

    results |> Observation.ofResults |> RegimeVerdict.all |> List.exactlyOne

/// A gain by baseline that is the same in four seeds of a world with this confounding.
let private verdictTo confounding ceiling (gains: (string * float) list) =
    let always = gains |> List.map (fun (baseline, gain) -> baseline, fun _ -> gain)
    verdictIn (SyntheticResults.confounded confounding) ceiling always [ 1..4 ]

/// The ceiling at 0.80.
let private verdictOf confounding gains =
    verdictTo confounding (fun _ -> 0.8) gains

/// A Hospital world without a bias, where 0.005 may be lost.
let private hospital seed =
    let regime = Regime.all |> List.find (fun regime -> regime.Name = "hospital: null")

    {
        SyntheticResults.confounded regime.Confounding seed with
            Dataset = regime.Dataset
            Mechanism = regime.Mechanism
            MechanismStrength = regime.MechanismStrength
    }

let private unbiased = SyntheticResults.confounded 0.

/// One baseline's gain by seed, the first of the list being that of seed 1.
let private outcomeIn data (gains: float list) =
    (verdictIn data (fun _ -> 0.8) [ "mt", (fun seed -> gains[seed - 1]) ] [ 1 .. gains.Length ]).Verdict

/// Three values with this mean whose 95 % interval reaches as far to either side.
let private around mean reach =
    let spread = reach * sqrt 3. / 4.302653
    [ mean - spread; mean; mean + spread ]

[<Tests>]
let tests =
    testList "regime verdict" [
        testCase "a gap is closed by the share of plain to ceiling that recommended gains"
        <| fun () ->
            let met, missed =
                verdictOf 0.7 [ "zero-fill-mlp", 0.1; "mt", 0.09 ], verdictOf 0.7 [ "mt", 0.08 ]

            Expect.floatClose Accuracy.medium (met.Share) 0.95 "mean of the baselines"
            Expect.equal met.Verdict Supported "over 90 %"
            Expect.equal (met.Baselines, met.Seeds) (2, 4) "what it is a mean of"
            Expect.floatClose Accuracy.medium (missed.Share) 0.8 "less"
            Expect.equal missed.Verdict Contradicted "under 90 %"

        testCase "without bias one baseline that loses is enough to fail"
        <| fun () ->
            let within = verdictOf 0. [ "zero-fill-mlp", 0.01; "mt", -0.004 ]
            Expect.equal within.Verdict Supported "within the margin"
            let failed = verdictOf 0. [ "zero-fill-mlp", 0.02; "mt", -0.006 ]
            Expect.equal failed.Verdict Contradicted "beyond it"
            Expect.equal (fst failed.WorstBaseline) "mt" "named"

        testCase "that nothing is lost is shown by the interval, not by the mean"
        <| fun () ->
            for data, mean in [ unbiased, 0.002; hospital, -0.001 ] do
                let regime = (data 1).Dataset
                let room = mean + ClaimCatalog.harmMargin

                Expect.equal (outcomeIn data (around mean (0.9 * room))) Supported $"{regime}: within"

                Expect.equal
                    (outcomeIn data (around mean (1.1 * room)))
                    Inconclusive
                    $"{regime}: the interval reaches beyond the margin"

                Expect.equal (outcomeIn data [ mean ]) Inconclusive $"{regime}: one seed has no interval"

        testCase "a mean beyond the margin is missed, however wide the interval"
        <| fun () ->
            for data in [ unbiased; hospital ] do
                for reach in [ 0.001; 0.1 ] do
                    Expect.equal (outcomeIn data (around -0.006 reach)) Contradicted "a loss"

            Expect.equal
                (outcomeIn unbiased (around -0.001 0.001))
                Contradicted
                "no harm asks for a mean of at least 0"

            Expect.equal (outcomeIn hospital (around -0.001 0.001)) Supported "a bounded loss does not"

        testCase "the table tells open from met, and one seed from a wide interval"
        <| fun () ->
            let row gains =
                verdictIn unbiased (fun _ -> 0.8) [ "mt", (fun seed -> List.item (seed - 1) gains) ] [
                    1 .. gains.Length
                ]
                |> List.singleton
                |> RegimeTable.markdown

            Expect.stringContains (row (around 0.002 0.001)) "| yes " "met"
            Expect.isFalse ((row (around 0.002 0.001)).Contains "| open") "and not open"
            Expect.stringContains (row (around 0.002 0.1)) "| open " "wide"
            Expect.stringContains (row [ 0.002 ]) "| open (one seed) " "without an interval"

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
            Expect.equal level.Verdict NotTested "nothing to meet"
            Expect.stringContains text "no gap" "said"
            Expect.isFalse (text.Contains "\u221e" || text.Contains "Infinity") "no infinite share"

        testCase "a gap within what differs between seeds is none, here as in the summary"
        <| fun () ->
            let noisy =
                verdictTo 0.7 (fun seed -> if seed = 1 then 0.78 else 0.69) [ "mt", 0.08 ]

            Expect.isGreaterThan noisy.Ceiling noisy.Plain "the ceiling is ahead on average"
            Expect.isTrue (Double.IsNaN noisy.Share) "no gap"
    ]
