module CausalDebiasing.Tests.Debiasing.PatternOffsetTests

open System
open Expecto
open CausalDebiasing.Cohorts
open CausalDebiasing.Debiasing
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.ToyOutcomes
open MathNet.Numerics.Distributions
open MathNet.Numerics.Statistics

let private none (cohort: Cohort) =
    PatternRegression.Fit(cohort, Thinning.None, null, Toy.seed 1)

/// What of severity, and of the outcome, decides that each of three modalities is there.
let private severitySlopes = [| 0.8; -0.8; 0.8 |]
let private outcomeSlopes = [| 0.5; 0.5; -0.5 |]

let private presence severity outcome m =
    Gradients.sigmoid (severitySlopes[m] * severity + outcomeSlopes[m] * outcome)

/// Patients whose severity moves outcome, values and pattern, and whose outcome moves the pattern too; and log
/// P(r | S, y = 1) / P(r | S, y = 0) of each. A fourth modality is always there and tells most of severity.
let private acquired n seed =
    let random = Random(seed: int)
    let normal () = Normal.Sample(random, 0.0, 1.0)
    let severity = Array.init n (fun _ -> normal ())

    let labels =
        severity
        |> Array.map (fun s ->
            if random.NextDouble() < Gradients.sigmoid (2.0 * s) then
                1f
            else
                0f)

    let mask = [|
        for row in 0 .. n - 1 do
            for m in 0..2 do
                random.NextDouble() < presence severity[row] (2.0 * float labels[row] - 1.0) m

            true
    |]

    let cohort =
        Cohort(
            [| for m in 0..3 -> Modality.Tabular($"m{m}", 1) |],
            [|
                for m in 0..3 ->
                    severity
                    |> Array.map (fun s -> float32 (s + (if m = 3 then 0.2 else 1.0) * normal ()))
            |],
            mask,
            labels,
            Array.zeroCreate n,
            [| "only" |],
            Array.init n int64
        )

    let truth row =
        [
            for m in 0..2 ->
                let p y =
                    let p = presence severity[row] y m
                    if cohort.IsObserved(row, m) then p else 1.0 - p

                log (p (1.0) / p (-1.0))
        ]
        |> List.sum

    cohort, [| for row in 0 .. n - 1 -> truth row |]

[<Tests>]
let tests =
    Trained.tests "pattern offset" [
        testCase "values of modalities of other widths are refused"
        <| fun () ->
            let one = Toy.cohort Toy.standard
            let summary = ValueSummary.Fit one
            Expect.equal (summary.Of one).Length (one.Count * summary.Width) "row-major"

            let wider =
                one.WithModality(Modality.Tabular("further", 2), Array.zeroCreate (2 * one.Count))

            Expect.stringContains (InputErrors.message (fun () -> summary.Of wider)) "other widths" "refused"

        testCase "what presence tells of the outcome is found beside what it tells of severity"
        <| fun () ->
            let cohort, _ = acquired 20000 1
            let found = none cohort

            for m in 0..2 do
                let expected = 2.0 * outcomeSlopes[m]
                Expect.isLessThan (abs (found.Presence[m] - expected)) 0.2 $"modality {m}"

            let rate m seen =
                among
                    cohort
                    (fun _ -> 1.0)
                    (rows cohort |> List.filter (fun row -> cohort.IsObserved(row, m) = seen))

            let logit p = log (p / (1.0 - p))
            let alone = logit (rate 0 true) - logit (rate 0 false)
            Expect.isGreaterThan alone 1.6 "alone it tells much more, as it goes with severity"
            Expect.isLessThan (abs found.Presence[3]) 0.01 "and one that is always there tells nothing"
            Expect.isGreaterThan found.Severity[0] 0.0 "seen where severity is high"
            Expect.isLessThan found.Severity[1] 0.0 "seen where it is low"

        testCase "the offset is the log ratio of what the outcome classes let expect of the pattern"
        <| fun () ->
            let cohort, truth = acquired 20000 2
            let found = (none cohort).Of cohort
            Expect.isGreaterThan (Correlation.Pearson(found, truth)) 0.97 "correlation"
            let errors = Array.map2 (-) found truth
            Expect.isLessThan (abs (Array.average errors)) 0.05 "no bias"
            Expect.isLessThan (Statistics.StandardDeviation errors) 0.2 "and a small error"

        testCase
            "its cost is measured on validation rows: none where patterns tell there what they did, else a warning's worth"
        <| fun () ->
            let train, _ = acquired 4000 3
            let validation, _ = acquired 2000 4

            let shuffled =
                let outcomes = validation.Labels.ToArray()
                Random(5).Shuffle outcomes
                validation.WithLabels outcomes

            let cost rows = PatternCost.Of(train, rows, none train)
            Expect.isGreaterThan (cost validation).Fit 4.0 "knowing it predicts better"
            Expect.isTrue (cost validation).IsBorne "borne"
            Expect.isLessThan (cost validation).InDistribution 0.0 "it is information there"
            Expect.isLessThan (cost shuffled).Fit -2.5 "where outcomes have nothing to do with patterns"
            Expect.isFalse (cost shuffled).IsBorne "not borne"

        testCase "its weights make the outcome's rate equal in every pattern"
        <| fun () ->
            let weights = (none outcomeLinked).Weights outcomeLinked
            expectBalanced outcomeLinked (fun row -> float weights[row]) 0.01

        testCase "under thinning it is that of the thinned patterns"
        <| fun () ->
            let drop = 0.3

            let offset =
                PatternRegression.Fit(outcomeLinked, Thinning(drop, 0.0), null, Toy.seed 1)

            let parts = offset.Parts outcomeLinked
            let random = Random 9

            let thinned = [
                for row in rows outcomeLinked ->
                    row, ModalityDrop.Thin(outcomeLinked.Pattern row, 3, drop, random)
            ]

            for pattern in [ 0b111; 0b101; 0b001 ] do
                let members = thinned |> List.filter (fun (_, r) -> r = pattern) |> List.map fst

                let weight row =
                    offset.Weight(offset.Of(parts, row, pattern), outcomeLinked.Labels[row] > 0f)

                let rate = among outcomeLinked weight members
                Expect.isLessThan (abs (rate - 0.5)) 0.06 (MissingnessPattern.Format(pattern, 3))

        testCase "of a row some of whose modalities are shown it is that of the row without the others"
        <| fun () ->
            let cohort, _ = acquired 500 3
            let offset = none cohort
            let shown = [| for row in rows cohort -> cohort.Pattern row &&& 0b1101 |]

            let hidden =
                cohort.WithMask [|
                    for row in rows cohort do
                        for m in 0..3 -> shown[row] >>> m &&& 1 = 1
                |]

            let parts = offset.Parts cohort

            let found = [| for row in rows cohort -> offset.Of(parts, row, shown[row]) |]

            for expected, actual in Array.zip (offset.Of hidden) found do
                Expect.floatClose Accuracy.medium actual expected "offset"

        testCase "fewer rows than values give finite offsets"
        <| fun () ->
            let few =
                Toy.outcomeLinked {
                    Toy.standard with
                        Rows = 24
                        Modalities = List.init 3 (fun m -> Modality.Tabular($"m{m}", 30))
                        Shift = 3.0
                }

            for offset in PatternRegression.Fit(few, Thinning(0.0, 0.5), null, Toy.seed 1).Of few do
                Expect.isLessThan (abs offset) 3.1 "within the limit"

        testCase "patterns of one row do not give its outcome away"
        <| fun () ->
            let random = Random 3
            let n, modalities = 1200, 16

            let labels = Array.init n (fun _ -> if random.NextDouble() < 0.3 then 1f else 0f)

            let mask = [|
                for row in 0 .. n - 1 do
                    for m in 0 .. modalities - 1 ->
                        random.NextDouble() < (if m = 0 && labels[row] > 0f then 0.9 else 0.5)
            |]

            let cohort =
                Cohort(
                    [| for m in 0 .. modalities - 1 -> Modality.Tabular($"m{m}", 1) |],
                    [| for _ in 1..modalities -> Array.create n 1f |],
                    mask,
                    labels,
                    Array.zeroCreate n,
                    [| "only" |],
                    Array.init n int64
                )

            let offsets =
                PatternRegression.Fit(cohort, Thinning(0.0, 0.5), null, Toy.seed 1).Of cohort

            let mean label seen =
                rows cohort
                |> List.filter (fun row -> cohort.Labels[row] = label && cohort.IsObserved(row, 0) = seen)
                |> List.averageBy (fun row -> offsets[row])

            Expect.isLessThan (abs (mean 1f true - mean 0f true)) 0.3 "noise is not learnt by heart"
            Expect.isGreaterThan (mean 0f true - mean 0f false) 0.5 "what a modality tells is"

        testCase "series count by their means and codes by their presence alone"
        <| fun () ->
            let n = 3000
            let random = Random 4
            let labels = Array.init n (fun row -> float32 (row % 2))

            let cohort modality (values: int -> float32[]) =
                Cohort(
                    [| modality; Modality.Tabular("age", 1) |],
                    [| Array.collect values [| 0 .. n - 1 |]; Array.init n (fun _ -> 0f) |],
                    [|
                        for row in 0 .. n - 1 do
                            random.NextDouble() < (if row % 2 = 1 then 0.8 else 0.4)
                            true
                    |],
                    labels,
                    Array.zeroCreate n,
                    [| "only" |],
                    Array.init n int64
                )

            let expected = log (0.8 / 0.2) - log (0.4 / 0.6)

            for modality, values in
                [
                    Modality.Series("trace", 3, 2), fun _ -> Array.init 6 (fun _ -> random.NextSingle())
                    Modality.Codes("codes", 4, 9), fun row -> [| float32 (row % 9 + 1); 0f; 0f; 0f |]
                ] do
                let found = none (cohort modality values)
                Expect.isLessThan (abs (found.Presence[0] - expected)) 0.3 modality.Name
                let width = if modality.Kind = ModalityKind.Codes then 1 else 3
                Expect.equal found.Slopes.Length width "columns"
    ]
