module CausalDebiasing.Tests.Debiasing.DeploymentTests

open System
open System.IO
open Expecto
open CausalDebiasing
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Cohorts
open CausalDebiasing.Debiasing
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support

/// Rows of two modalities, the second of which is there more often where the event is, by `strength`.
let private draw rows strength seed =
    let random = Random(seed: int)
    let risk = Array.init rows (fun _ -> random.NextDouble())
    let labels = risk |> Array.map (fun p -> if random.NextDouble() < p then 1f else 0f)

    Cohort(
        [| Modality.Tabular("vitals", 1); Modality.Tabular("labs", 1) |],
        [|
            risk |> Array.map (fun p -> float32 (log ((p + 1e-3) / (1.001 - p))))
            Array.init rows (fun _ -> float32 (random.NextDouble()))
        |],
        [|
            for row in 0 .. rows - 1 do
                true
                random.NextDouble() < 0.5 + strength * (float labels[row] - 0.5)
        |],
        labels,
        Array.zeroCreate rows,
        [| "only" |],
        Array.init rows int64
    )

let private options = {|
    Kept = DebiasOptions.Recommended
    Interventional = DebiasOptions.Presets["recommended-interventional"]
    Exact = DebiasOptions.Presets["md-exact"]
|}

let private fitted id (options: DebiasOptions) =
    let wrapped = CausalDebias.Wrap(Toy.create id, options)
    wrapped.Fit(draw 3000 0.6 1, draw 800 0.6 2, Toy.context 3)
    wrapped

let private restored id options (predictor: DebiasedPredictor) =
    use stream = new MemoryStream()
    predictor.Save stream
    stream.Position <- 0L
    let copy = CausalDebias.Wrap(Toy.create id, options)
    copy.Load stream
    copy

let private first rows (cohort: Cohort) = cohort.Select [| 0 .. rows - 1 |]

let private same = draw 3000 0.6 4
let private changed = draw 3000 0.0 5

/// What the first patient gets alone, among 50 and among 1,000.
let private ofFirst (predictor: DebiasedPredictor) cohort = [
    for rows in [ 1; 50; 1000 ] -> predictor.PredictProbability(first rows cohort) |> Array.head |> float
]

let private withoutRecalibration (options: DebiasOptions) =
    let text = Json.write options
    let changed = text.Replace("\"Recalibrate\":true", "\"Recalibrate\":false")
    Expect.notEqual changed text "the options recalibrate"
    Json.read<DebiasOptions> changed

[<Tests>]
let tests =
    Trained.tests "deployment" [
        for id in [ "zero-fill-mlp"; "lightgbm" ] do
            testCase
                $"{id}: what would be predicted without recalibration is what a model without it predicts"
            <| fun () ->
                for kept in [ options.Kept; options.Interventional ] do
                    use with' = fitted id kept
                    use without = fitted id (withoutRecalibration kept)
                    let prediction = with'.Predict same
                    let plain = without.Predict same
                    Expect.equal plain.Pattern prediction.Pattern "the same part"
                    Expect.isNull plain.BeforeRecalibration "where nothing is recalibrated"
                    let before = nonNull prediction.BeforeRecalibration
                    Expect.notEqual before prediction.Probabilities "it differs"

                    for expected, found in Array.zip plain.Probabilities before do
                        Expect.isLessThan (abs (expected - found)) 1e-6f "probability"

            testCase $"{id}: a patient gets one probability, alone and among others, from a file and before"
            <| fun () ->
                use predictor = fitted id options.Kept

                let isOne what =
                    match ofFirst predictor same with
                    | alone :: others ->
                        for other in others do
                            Expect.isLessThan (abs (alone - other)) 1e-6 what

                        alone
                    | [] -> nan

                let prediction = predictor.Predict(first 1 same)
                Expect.equal prediction.Pattern PatternPart.Kept "a few rows show no change"
                Expect.stringContains prediction.Reason "DeployTo" "with what to do"
                let undecided = float prediction.Probabilities[0]
                let together = predictor.Predict same
                Expect.equal together.Pattern PatternPart.Kept "many are judged together"
                Expect.stringContains together.Reason "DeployTo" "with what to do, too"
                Expect.isNull predictor.Deployment "nothing is decided"

                let kept = predictor.DeployTo same
                Expect.equal kept.Pattern PatternPart.Kept kept.Reason
                Expect.equal kept.Rows 3000 "evidence"
                Expect.isGreaterThan kept.Position.Value 0.5 "position"
                let decided = isOne "kept"
                Expect.isLessThan (abs (decided - undecided)) 1e-6 "as before a decision"
                Expect.equal (predictor.Predict(first 1 same)).Pattern PatternPart.Kept "also alone"
                Expect.equal (predictor.Predict(first 1 same)).Reason kept.Reason "for the same reason"

                Expect.equal (predictor.PredictProbability same) together.Probabilities "as together"

                use copy = restored id options.Kept predictor

                Expect.equal
                    (copy.PredictProbability same)
                    (predictor.PredictProbability same)
                    "from its file"

                let stored = nonNull copy.Deployment

                Expect.equal
                    (stored.Pattern, stored.Reason, stored.Rows)
                    (kept.Pattern, kept.Reason, 3000)
                    "decision"

                Expect.equal
                    (stored.Position, stored.StandardError)
                    (kept.Position, kept.StandardError)
                    "evidence"

                Expect.equal
                    (List.ofSeq (copy.CheckDrift changed).Findings)
                    (List.ofSeq (predictor.CheckDrift changed).Findings)
                    "what it is compared with"

                let left = predictor.DeployTo changed
                Expect.equal left.Pattern PatternPart.LeftOut left.Reason
                Expect.isLessThan left.Position.Value 0.5 "position"
                Expect.isGreaterThan (abs (isOne "left out" - undecided)) 0.01 "another probability"

        testCase "what cannot be judged is kept where the plain predictor reads it, and says why"
        <| fun () ->
            use network = fitted "zero-fill-mlp" options.Kept
            let kept = network.DeployTo(first 99 same)
            Expect.equal kept.Pattern PatternPart.Kept "a network reads it anyway"
            Expect.stringContains kept.Reason "fewer than 100 rows (99)" "why"

            use predictor = fitted "logistic" options.Kept
            let many = predictor.DeployTo same
            Expect.equal many.Pattern PatternPart.Kept many.Reason
            let few = predictor.DeployTo(first 99 same)
            Expect.equal few.Pattern PatternPart.LeftOut "logistic regression does not"
            Expect.stringContains few.Reason "the plain predictor does not read the pattern" "and why"
            Expect.stringContains few.Reason "fewer than 100 rows (99)" "why"
            Expect.isFalse few.Position.HasValue "no position"
            Expect.isFalse (predictor.CheckDrift same).IsJudged "nor is drift judged"
            use copy = restored "logistic" options.Kept predictor
            Expect.equal (nonNull copy.Deployment).Reason few.Reason "stored"

            Expect.stringContains
                (InputErrors.message (fun () -> predictor.DeployTo(first 0 same)))
                "no patient"
                "none at all"

            use asked = fitted "logistic" options.Interventional
            Expect.stringContains (asked.Predict same).Reason "as the options ask" "undecided"
            let decision = asked.DeployTo same
            Expect.equal decision.Pattern PatternPart.LeftOut "as asked"
            Expect.stringContains decision.Reason "as the options ask" "decided"

            use exact = fitted "logistic" options.Exact
            Expect.equal (exact.Predict same).Pattern PatternPart.NotSeparated "undecided"
            Expect.equal (exact.DeployTo same).Pattern PatternPart.NotSeparated "decided"

        testCase "a decision is of the last fit"
        <| fun () ->
            use predictor = fitted "logistic" options.Kept
            predictor.DeployTo same |> ignore
            predictor.Fit(draw 600 0.6 6, draw 300 0.6 7, Toy.context 3)
            Expect.isNull predictor.Deployment "fitted again"

            Expect.throwsT<InvalidOperationException>
                (fun () -> predictor.CheckDrift same |> ignore)
                "nothing to compare with"

        testCase "drift is found where it is, and not where it is not"
        <| fun () ->
            use predictor = fitted "zero-fill-mlp" options.Kept
            predictor.DeployTo same |> ignore

            let findings (recent: Cohort) =
                List.ofSeq (predictor.CheckDrift recent).Findings

            for seed in 10..19 do
                Expect.equal (findings (draw 2000 0.6 seed)) [] $"other patients of the same kind, {seed}"

            Expect.equal (findings (draw 99 0.0 20)) [] "too few to judge"
            let relation = predictor.CheckDrift changed
            Expect.isTrue relation.HasDrifted "relation"
            Expect.exists relation.Findings (fun text -> text.Contains "no longer relates") "which it names"

            let rarely =
                same.WithMask [|
                    for row in 0 .. same.Count - 1 do
                        true
                        same.IsObserved(row, 1) && row % 3 > 0
                |]

            Expect.exists
                (findings rarely)
                (fun text -> text.Contains "'labs' is observed in 3")
                "measured less"

            let units =
                same.WithValues [
                    Array.map (fun x -> x / 2f + 1f) (same.Values(0).ToArray())
                    same.Values(1).ToArray()
                ]

            let shifted = predictor.CheckDrift units
            Expect.isGreaterThan shifted.RiskStability 0.1 "risks"

            Expect.exists
                shifted.Findings
                (fun text -> text.Contains "distributed otherwise")
                "which it names"

            predictor.DeployTo changed |> ignore
            Expect.exists (findings same) (fun text -> text.Contains "as in training again") "back again"
    ]
