module CausalDebiasing.Tests.Debiasing.ConfounderErasureTests

open System
open Expecto
open TorchSharp
open CausalDebiasing
open CausalDebiasing.Cohorts
open CausalDebiasing.Debiasing
open CausalDebiasing.Metrics
open CausalDebiasing.Runtime
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.WorldSupport

/// A toy whose outcome is hard to see, with a confounder C imprinted on all features. Sites differ in P(C = y).
let private confounded strength imprint =
    let toy =
        Toy.cohort {
            Toy.standard with
                Rows = 6000
                Shift = 0.25
                Missing = 0.2
                Seed = 21
        }

    let random = Random 77

    let agreement = [|
        0.5 + 0.2 * strength
        0.5 + 0.3 * strength
        0.5 + 0.4 * strength
        0.5 + 0.45 * strength
    |]

    let confounder = [|
        for row in 0 .. toy.Count - 1 ->
            let agrees = random.NextDouble() < agreement[toy.Sites[row]]
            if agrees then toy.Labels[row] else 1f - toy.Labels[row]
    |]

    let direction = [| 1f; -1f; 0.5f; -0.5f; 1f |]

    let values = [|
        for m in 0..2 ->
            toy.Values(m).ToArray()
            |> Array.mapi (fun i value -> value + imprint * direction[i % 5] * (2f * confounder[i / 5] - 1f))
    |]

    toy.WithValues values, confounder

/// The same rows with features that are a function of modality, row and what they were.
let private mapRows change (cohort: Cohort) =
    cohort.WithValues [|
        for m in 0..2 ->
            cohort.Values(m).ToArray()
            |> Array.chunkBySize 5
            |> Array.mapi (change m)
            |> Array.concat
    |]

/// An imprint on the spread: the same direction with random signs, and more of it where C = 1.
let private withSpread (confounder: float32[]) =
    let random = Random 5
    let direction = [| 1f; -1f; 0.5f; -0.5f; 1f |]

    mapRows (fun _ row features ->
        let sign = if random.Next 2 = 0 then 1f else -1f
        let amplitude = if confounder[row] > 0f then 4f else 0.5f
        Array.map2 (fun value along -> value + sign * amplitude * along) features direction)

/// The last feature of every modality is noise, with ten times the spread where C = 1.
let private withOneSpread (confounder: float32[]) (cohort: Cohort) =
    let noise = Draws.normals (Seed 8UL) "noise" cohort.Count

    cohort
    |> mapRows (fun m row features ->
        let spread = if confounder[row] > 0f then 3f else 0.3f
        Array.updateAt 4 (spread * float32 noise[(row + m) % cohort.Count]) features)

let private standardise (cohort: Cohort) = Standardiser.Fit(cohort).Apply cohort

let private weights (cohort: Cohort) =
    PatternOffset.Fit(cohort, Thinning.None, Seed 1UL).Weights cohort

let private branch (train: Cohort) (validation: Cohort) =
    SpuriousBranch.Fit(train, validation, weights train, DebiasOptions.Recommended, Seed 1UL)

let private score (cohort: Cohort) =
    let standardised = standardise cohort

    use detector =
        ConfounderDetector.Fit(standardised, weights cohort, DebiasOptions.Recommended, false, Seed 1UL)

    detector.Score standardised

let private erase (cohort: Cohort) = nonNull (branch cohort cohort).Eraser

let private auroc (labels: float32[]) (values: float32[]) =
    let p = values |> Array.map (fun v -> 1f / (1f + exp -v))
    let value = Auroc.Compute(ReadOnlySpan labels, ReadOnlySpan p)
    max value (1.0 - value)

let private gate (cohort: Cohort) = (branch cohort cohort).Diagnostics

[<Tests>]
let tests =
    testSequenced
    <| testList "confounder erasure" [
        testCase "the refined score finds the confounder and not the outcome"
        <| fun () ->
            let cohort, confounder = confounded 1.0 1f
            let found = score cohort
            Expect.isGreaterThan (auroc confounder found) 0.97 "confounder"
            Expect.isLessThan (auroc confounder (cohort.Labels.ToArray())) 0.95 "which is not the outcome"

        testCase "the gate opens for a confounder and stays shut without one"
        <| fun () ->
            let biased, _ = confounded 1.0 1f
            let unbiased, _ = confounded 0.0 0f
            Expect.equal ((gate biased).["gate.1.open"]) "true" "confounded"
            Expect.equal ((gate unbiased).["gate.1.open"]) "false" "not confounded"

        testCase "where sites are unknown the gate opens for a practice that is there or not"
        <| fun () ->
            let oneSite (cohort: Cohort) =
                cohort.WithSites(Array.zeroCreate cohort.Count, [| "only" |])

            let biased, _ = confounded 1.0 2f
            let unbiased, _ = confounded 0.0 0f
            Expect.equal ((gate (oneSite biased)).["gate.1.df"]) "0" "sites cannot be compared"
            Expect.equal ((gate (oneSite biased)).["gate.1.open"]) "true" "two clusters"
            Expect.equal ((gate (oneSite unbiased)).["gate.1.open"]) "false" "one cluster"

        testCase "an imprint on the spread, which no linear score sees, becomes an offset"
        <| fun () ->
            let cohort, confounder = confounded 1.0 0f
            let spread = withSpread confounder cohort
            let found = branch spread spread
            Expect.isFalse (found.Diagnostics.ContainsKey "erased.1.auroc") "nothing was erased"
            let offsets = nonNull found.TrainOffsets
            Expect.isGreaterThan (auroc confounder offsets) 0.9 "the offset follows the confounder"

        testCase "what a projection leaves for a network to read becomes an offset"
        <| fun () ->
            let cohort, confounder = confounded 1.0 1f
            let left name = float (gate cohort).[name]
            Expect.isLessThan (left "erased.1.auroc") 0.9 "an imprint on the mean is gone"
            Expect.isFalse ((gate cohort).ContainsKey "offset.scores") "so that there is no offset"

            let both = withOneSpread confounder cohort
            let found = branch both both

            Expect.isGreaterThan
                (float found.Diagnostics["erased.1.auroc"])
                0.9
                "one on the spread too is not"

            Expect.equal found.Diagnostics["offset.scores"] "1" "one score"
            let offsets = nonNull found.TrainOffsets
            Expect.isGreaterThan (auroc confounder offsets) 0.9 "the offset follows the confounder"

        testCase "two scores of one confounder count once"
        <| fun () ->
            let cohort, confounder = confounded 1.0 1f
            let first = ScoreOffset(cohort, confounder).Of(cohort, confounder)
            let second = ScoreOffset(cohort, confounder, first).Of(cohort, confounder)
            let largest = Array.map abs >> Array.max
            Expect.isGreaterThan (largest first) 1f "what it tells"
            Expect.isLessThan (largest second) 0.1f "but for the prior, nothing beside itself"

        testCase "two confounders are erased one after the other"
        <| fun () ->
            let study =
                (WorldCatalog.tryFind "acquisition-two-confounders").Value {
                    spec "acquisition-two-confounders" 10 with
                        Mechanism = Acquisition
                        MechanismStrength = 0.5
                        Confounding = 0.7
                }

            let diagnostics = (branch study.Train study.Validation).Diagnostics

            Expect.equal diagnostics["gate.1.open"] "true" "the first"
            Expect.equal diagnostics["gate.2.open"] "true" "the second"
            Expect.equal diagnostics["gate.3.open"] "false" "and no third"

        testCase "erasing takes the confounder out and leaves the outcome in"
        <| fun () ->
            let cohort, confounder = confounded 1.0 1f
            let eraser = erase cohort
            let cleaned = eraser.Apply cohort

            /// Covariance of each feature with C within outcome classes, the part that erasure must remove.
            let within (data: Cohort) =
                [
                    for j in 0..4 do
                        for label in [ 0f; 1f ] do
                            let rows = [
                                for row in 0 .. data.Count - 1 do
                                    if data.Labels[row] = label && data.IsObserved(row, 0) then
                                        row
                            ]

                            let x = rows |> List.map (fun row -> float (data.Row(0, row).[j]))
                            let c = rows |> List.map (fun row -> float confounder[row])
                            let mx, mc = List.average x, List.average c
                            abs (List.map2 (fun a b -> (a - mx) * (b - mc)) x c |> List.average)
                ]
                |> List.max

            Expect.isGreaterThan (within cohort) 0.15 "imprinted"
            Expect.isLessThan (within cleaned) 0.03 "erased"

        testCase "an oblique projection applied twice is applied once"
        <| fun () ->
            let cohort, _ = confounded 1.0 1f
            let eraser = erase cohort

            for projection in eraser.Projections do
                let p = torch.tensor(nonNull projection).reshape(5L, 5L)
                Expect.isLessThan ((p.mm p - p).abs().max().ToDouble()) 1e-4 "idempotent"
                Expect.floatClose Accuracy.low (p.trace().ToDouble()) 4.0 "one direction of five"

        testCase "Cochran's Q of the class contrasts agrees with a hand-worked example"
        <| fun () ->
            // Means 1 and 4 at the first site, 11 and 12 at the second, all variances 1: contrasts 3 and 1 with
            // variance 2/5 each, so Q = 2 * 1 / (2/5).
            let around mean = [| mean - 1f; mean + 1f; mean - 1f; mean + 1f; mean |]
            let score = Array.concat [ around 1f; around 4f; around 11f; around 12f ]
            let n = score.Length

            let cohort =
                Cohort(
                    [| Modality.Tabular("a", 1) |],
                    [| Array.create n 1f |],
                    Array.create n true,
                    Array.init n (fun i -> float32 (i / 5 % 2)),
                    Array.init n (fun i -> i / 10),
                    [| "a"; "b" |],
                    Array.init n int64
                )

            let found = SiteInstability.Of(cohort, ReadOnlySpan score)
            Expect.equal found.DegreesOfFreedom 1 "one contrast of contrasts"
            Expect.floatClose Accuracy.medium found.Q 5.0 "Q"
            Expect.floatClose Accuracy.low found.PValue 0.02535 "p"

            let mixed =
                score |> Array.mapi (fun i value -> if i < 10 then value + 7f else value)

            Expect.floatClose
                Accuracy.medium
                (SiteInstability.Of(cohort, ReadOnlySpan mixed).Q)
                5.0
                "case mix"
    ]
