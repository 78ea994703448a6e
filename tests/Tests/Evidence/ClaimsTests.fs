module CausalDebiasing.Tests.Evidence.ClaimsTests

open System.Text.Json
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running
open CausalDebiasing.Tests.Support
open Expecto

/// Plain at 0.7 and a treated variant with the given gains, one per seed, for two baselines.
let private evidence dataset kappa strength condition treated reference gains = [
    for seed, gain in List.indexed gains do
        for baseline in [ "mt"; "muse" ] do
            let data = SyntheticResults.world dataset kappa strength seed
            let wobble = 0.001 * float seed
            "e", SyntheticResults.cell data baseline reference condition (0.7 + wobble)
            "e", SyntheticResults.cell data baseline treated condition (0.7 + wobble + gain)
]

let private withDoRisk (results: (string * CellResult) list) =
    results
    |> List.map (fun (experiment, result) ->
        experiment,
        {
            result with
                Measures = result.Measures |> List.map (fun m -> { m with DoRisk = m.Auroc; Auroc = nan })
        })

let private judge id results =
    Observation.ofResults results
    |> ClaimCatalog.judge
    |> List.find (fun judgement -> judgement.Claim.Id = id)

let private verdict id results = (judge id results).Verdict

/// A recorded data set as it is.
let private recorded seed = {
    SyntheticResults.physionet seed with
        Dataset = "heart-uci@site:va"
}

/// For each claim: evidence by gains, with gains that support, contradict and leave open.
let private cases =
    let gain, loss, open' =
        [ 0.05; 0.06; 0.055 ], [ -0.05; -0.06; -0.055 ], [ 0.05; -0.06; 0.02 ]

    let doTest kappa strength =
        evidence "acquisition" kappa strength "do"

    [
        "paper-missingness-bias", doTest 0. 0.5 Variant.paper Variant.plain, gain, loss, open'
        "paper-distribution-bias", doTest 0.4 0. Variant.paper Variant.plain, gain, loss, open'
        "recommended-distribution-bias", doTest 0.7 0. Variant.recommended Variant.plain, gain, loss, open'
        "recommended-missingness-bias", doTest 0.7 1. Variant.recommended Variant.plain, gain, loss, open'
        "recommended-no-harm",
        doTest 0. 0. Variant.recommended Variant.plain,
        [ -0.001; 0.001; -0.002 ],
        loss,
        [ -0.02; 0.01; 0. ]
        "recommended-no-harm-physionet2012",
        (fun gains -> [
            for seed, gain in List.indexed gains do
                "e", SyntheticResults.cell (SyntheticResults.physionet seed) "mt" Variant.plain "id" 0.8

                "e",
                SyntheticResults.cell
                    (SyntheticResults.physionet seed)
                    "mt"
                    Variant.recommended
                    "id"
                    (0.8 + gain)
        ]),
        [ -0.001; 0.001; -0.002 ],
        loss,
        [ -0.02; 0.01; 0. ]
        "recommended-no-harm-recorded",
        (fun gains -> [
            for seed, gain in List.indexed gains do
                "e", SyntheticResults.cell (recorded seed) "mt" Variant.plain "id" 0.8

                "e", SyntheticResults.cell (recorded seed) "mt" Variant.recommended "id" (0.8 + gain)
        ]),
        [ -0.001; 0.001; -0.002 ],
        loss,
        [ -0.02; 0.01; 0. ]
        "relative-difficulty-fails-confounded",
        doTest 0.85 0. (Variant.preset "db-dfa-published") Variant.plain,
        [ -0.2; -0.22; -0.25 ],
        [ -0.02; -0.03; -0.01 ],
        [ -0.2; -0.05; -0.1 ]
        "relative-difficulty-inverts-unconfounded",
        doTest 0. 0. (Variant.preset "db-dfa-published") Variant.plain,
        [ -0.4; -0.42; -0.45 ],
        [ -0.02; -0.03; -0.01 ],
        [ -0.4; -0.05; -0.2 ]
        "dual-branch-distribution-bias",
        doTest 0.85 0. (Variant.preset "db-dfa") Variant.plain,
        gain,
        loss,
        open'
        "balance-beats-standardisation",
        doTest 0. 0.5 (Variant.preset "label-balance") (Variant.preset "md-exact"),
        gain,
        loss,
        open'
        "positivity-beats-balance",
        doTest 0. 1. (Variant.preset "positivity") (Variant.preset "label-balance"),
        gain,
        loss,
        open'
        "world-a-standardisation-valid",
        evidence "world-a" 0.7 0. "do" (Variant.preset "md-exact") Variant.plain
        >> withDoRisk,
        loss,
        gain,
        open'
        "world-c-standardisation-invalid",
        evidence "world-c" 0. 0.5 "id" (Variant.preset "md-exact") Variant.plain,
        loss,
        gain,
        open'
    ]

[<Tests>]
let tests =
    testList "Claims" [
        for id, evidence, supporting, contradicting, unclear in cases do
            test $"{id} reaches all four verdicts" {
                Expect.equal (verdict id (evidence supporting)) Supported "supported"
                Expect.equal (verdict id (evidence contradicting)) Contradicted "contradicted"
                Expect.equal (verdict id (evidence unclear)) Inconclusive "inconclusive"
                Expect.equal (verdict id (evidence [ supporting.Head ])) Inconclusive "one seed"
                Expect.equal (verdict id []) NotTested "no cells"
            }

        test "every claim of the catalogue is tested above, and ids are distinct" {
            let ids = ClaimCatalog.all |> List.map _.Id
            Expect.equal (List.sort ids) (cases |> List.map (fun (id, _, _, _, _) -> id) |> List.sort) "ids"
        }

        test "other settings are no evidence" {
            let weak =
                evidence "acquisition" 0.3 0.4 "do" Variant.recommended Variant.plain [ 0.05; 0.06 ]

            let otherTest =
                evidence "acquisition" 1. 1. "reversed" Variant.recommended Variant.plain [ 0.05; 0.06 ]

            for results in [ weak; otherTest ] do
                Expect.equal (verdict "recommended-distribution-bias" results) NotTested "distribution"
                Expect.equal (verdict "recommended-missingness-bias" results) NotTested "missingness"
        }

        test "a run that serves two experiments counts once" {
            let once =
                evidence "acquisition" 1. 0. "do" Variant.recommended Variant.plain [ 0.05; 0.06; 0.01 ]

            let twice = once @ (once |> List.map (fun (_, result) -> "other", result))

            let finding results =
                (judge "recommended-distribution-bias" results).Finding

            Expect.equal (finding twice) (finding once) "same numbers"
        }

        test "the numbers behind a verdict" {
            let finding =
                (judge
                    "recommended-distribution-bias"
                    (evidence "acquisition" 1. 0. "do" Variant.recommended Variant.plain [ 0.01; 0.02; 0.03 ]))
                    .Finding
                |> Option.get

            Expect.floatClose Accuracy.high finding.Estimate 0.02 "estimate"
            Expect.equal (finding.Seeds, finding.Baselines, finding.Units) (3, 2, 2) "counts"
            // Standard error 0.01 / sqrt 3, t = 4.302653 for 2 degrees of freedom.
            Expect.floatClose
                Accuracy.medium
                (Option.get finding.CiLow)
                (0.02 - 4.302653 * 0.01 / sqrt 3.)
                "interval"
        }

        test "claims.json is valid, complete and names verdicts" {
            let text =
                Observation.ofResults (SyntheticResults.run.Force())
                |> ClaimCatalog.judge
                |> fun judgements -> ClaimsFile.toJson judgements []

            use document = JsonDocument.Parse text
            let entries = document.RootElement.EnumerateArray() |> List.ofSeq
            Expect.hasLength entries ClaimCatalog.all.Length "entries"

            for entry in entries do
                let verdict = entry.GetProperty("verdict").GetString()

                let hasFinding = entry.GetProperty("finding").ValueKind = JsonValueKind.Object

                Expect.equal hasFinding (verdict <> "not-tested") "numbers where tested"
        }
    ]
