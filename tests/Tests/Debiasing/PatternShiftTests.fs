module CausalDebiasing.Tests.Debiasing.PatternShiftTests

open System
open Expecto
open CausalDebiasing
open CausalDebiasing.Baselines
open CausalDebiasing.Cohorts
open CausalDebiasing.Debiasing
open CausalDebiasing.Catalogue
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support

/// Rows of one modality that tells the risk and more that are there more often where the event is, by `strength`, the first
/// of them also where the risk is high, by `severity`.
let private acquired n severity (strengths: float[]) seed =
    let random = Random(seed: int)
    let risk = Array.init n (fun _ -> random.NextDouble())

    let label = risk |> Array.map (fun p -> if random.NextDouble() < p then 1f else 0f)

    let mask = [|
        for row in 0 .. n - 1 do
            true

            for m, strength in Array.indexed strengths do
                let bySeverity = if m = 0 then severity * (risk[row] - 0.5) else 0.0
                random.NextDouble() < 0.5 + bySeverity + strength * (float label[row] - 0.5)
    |]

    let signal = risk |> Array.map (fun p -> float32 (log ((p + 1e-3) / (1.001 - p))))

    Cohort(
        [|
            for m in 0 .. strengths.Length -> Modality.Tabular((if m = 0 then "risk" else $"test-{m}"), 1)
        |],
        [|
            for m in 0 .. strengths.Length -> if m = 0 then signal else Array.create n 1f
        |],
        mask,
        label,
        Array.zeroCreate n,
        [| "only" |],
        Array.init n int64
    )

let private cohort n strength = acquired n 0.0 [| strength |]

/// Rows of a modality that tells severity and five that are there more often where the event is and less often where severity is
/// high, so that risk and presence hardly go together; `strength` times as much as that.
let private cancelling n strength seed =
    let random = Random(seed: int)

    let normal () =
        MathNet.Numerics.Distributions.Normal.Sample(random, 0.0, 1.0)

    let logistic z = 1.0 / (1.0 + exp -z)
    let severity = Array.init n (fun _ -> normal ())

    let label =
        severity
        |> Array.map (fun s -> if random.NextDouble() < logistic (1.3 * s) then 1f else 0f)

    let mask = [|
        for row in 0 .. n - 1 do
            true

            for _ in 1..5 do
                let push = 1.6 * (float label[row] - 0.5) - 0.8 * severity[row]
                random.NextDouble() < logistic (0.3 + strength * push)
    |]

    let values () =
        severity |> Array.map (fun s -> float32 (s + normal ()))

    Cohort(
        [|
            for m in 0..5 -> Modality.Tabular((if m = 0 then "vitals" else $"test-{m}"), 1)
        |],
        [| for _ in 0..5 -> values () |],
        mask,
        label,
        Array.zeroCreate n,
        [| "only" |],
        Array.init n int64
    )

let private risk (cohort: Cohort) =
    cohort.Values(0).ToArray() |> Array.map (fun s -> 1f / (1f + exp -s))

let private shift (risk: Cohort -> float32[]) trainingRows deployment =
    let offset = PatternRegression.Fit(trainingRows, Thinning.None, null, Toy.seed 1)

    let reference =
        PatternReference.Of(
            trainingRows,
            risk trainingRows,
            Func<Cohort, float32[]>(risk),
            offset,
            Toy.seed 2
        )

    PatternShift.Of(reference, deployment, risk deployment, offset)

/// A risk that, like a network's, keeps some of the pattern.
let private riskThatReadsThePattern cohort =
    risk cohort
    |> Array.mapi (fun row p -> 0.8f * p + (if cohort.IsObserved(row, 1) then 0.2f else 0f))

[<Tests>]
let tests =
    Trained.tests "pattern shift" [
        for name, risk in [ "interventional", risk; "pattern-reading", riskThatReadsThePattern ] do
            testCase
                $"a relation as in training is told from none and from its opposite, with a risk that is {name}"
            <| fun () ->
                let training = cohort 4000 0.6 1

                for strength, position in [ 0.6, 1.0; 0.0, 0.0; -0.6, -1.0 ] do
                    let found = shift risk training (cohort 4000 strength 2)
                    Expect.isLessThan (abs (found.Position - position)) 0.25 $"position at {strength}"
                    Expect.equal found.IsAsInTraining (strength > 0.0) "and so is kept or not"

        testCase "severity that decides as in training does not hide that the outcome does no longer"
        <| fun () ->
            let training = acquired 6000 0.8 [| 0.1; 0.3 |] 1

            for name, strengths, position in
                [ "as in training", [| 0.1; 0.3 |], 1.0; "reversed", [| -0.1; -0.3 |], -1.0 ] do
                let found = shift risk training (acquired 6000 0.8 strengths 2)
                Expect.isLessThan (abs (found.Position - position)) 0.35 name
                Expect.equal found.IsAsInTraining (position > 0.0) $"{name}: kept or not"

        testCase "nor does an outcome that decides as in training hide that severity does no longer"
        <| fun () ->
            let training = acquired 6000 0.8 [| 0.1; 0.3 |] 1
            let found = shift risk training (acquired 6000 -0.8 [| 0.1; 0.3 |] 2)
            Expect.isFalse found.IsAsInTraining "not kept"

        testCase "where patients are too few to tell, what training learnt is kept"
        <| fun () ->
            let training = cohort 4000 0.6 1
            let weaker n = shift risk training (cohort n 0.2 3)
            let few, many = weaker 150, weaker 8000
            Expect.isLessThan many.Position 0.5 "nearer to none"
            Expect.isFalse many.IsAsInTraining "which many patients show"
            Expect.isLessThan few.Position 0.5 "also among few"
            Expect.isTrue few.IsAsInTraining "who do not show it"
            Expect.isGreaterThan few.StandardError (4. * many.StandardError) "as the standard error says"

        testCase "a few patients are not judged"
        <| fun () ->
            let training = cohort 4000 0.6 1
            let few = shift risk training (cohort (PatternShift.LeastPatients - 1) 0.6 3)
            Expect.isTrue (Double.IsNaN few.Position) "no position"
            Expect.isFalse few.IsAsInTraining "not kept"
            let enough = shift risk training (cohort PatternShift.LeastPatients 0.6 3)
            Expect.isFalse (Double.IsNaN enough.Position) "judged"

        testCase "where training patterns tell nothing there is no position"
        <| fun () ->
            let only =
                let rows = cohort 500 0.6 4
                rows.WithMask(Array.init (500 * 2) (fun i -> i % 2 = 0))

            let found = shift risk only (cohort 4000 0.6 5)
            Expect.isTrue (Double.IsNaN found.Position) "no position"
            Expect.isFalse found.IsAsInTraining "not kept"

        testCase "where risk does not show it, values tell whether presence came about as in training"
        <| fun () ->
            let options = DebiasOptions.Presets["recommended-no-branch"]
            let baselines = BaselineCatalog.Discover typeof<ZeroFillMlp>.Assembly
            let plain = (BaselineCatalog.Find(baselines, "logistic")).Create()
            use wrapped = CausalDebias.Wrap(plain, options)
            wrapped.Fit(cancelling 4000 1.0 1, cancelling 1500 1.0 2, FitContext(Seed = Toy.seed 3))

            for strength, part in
                [ 1.0, PatternPart.Kept; 0.0, PatternPart.LeftOut; -1.0, PatternPart.LeftOut ] do
                let predicted = wrapped.Predict(cancelling 1500 strength 4)
                Expect.equal predicted.Pattern part $"strength {strength}"
                Expect.stringContains predicted.Reason "values and missingness pattern" "which it says"

        testCase "what cannot be compared is kept, with few patients and many"
        <| fun () ->
            let unjudged = PatternShift.NotJudged

            let part use' rows =
                PatternChoice.Part(unjudged, use', rows)

            for rows in [ 1; PatternShift.LeastPatients - 1; PatternShift.LeastPatients ] do
                Expect.equal (part PatternUse.KeptAsInTraining rows) PatternPart.Kept "as plain models do"

            Expect.equal (part PatternUse.Interventional 1000) PatternPart.LeftOut "where it is asked for"

        testCase
            "predictions keep what the pattern tells where it still holds, and leave it out where it does not"
        <| fun () ->
            let training = cohort 3000 0.6 1

            let baselines = BaselineCatalog.Discover typeof<ZeroFillMlp>.Assembly

            let fitted preset =
                let plain = (BaselineCatalog.Find(baselines, "zero-fill-mlp")).Create()
                let wrapped = CausalDebias.Wrap(plain, DebiasOptions.Presets[preset])
                wrapped.Fit(training, cohort 800 0.6 6, FitContext(Seed = Toy.seed 2))
                wrapped

            use kept = fitted "recommended"
            use left = fitted "recommended-interventional"
            let same, cut = cohort 3000 0.6 7, cohort 3000 0.0 8
            Expect.equal (kept.Predict cut).Probabilities (left.PredictProbability cut) "left out"
            Expect.equal (kept.Predict cut).Pattern PatternPart.LeftOut "which it says"
            Expect.notEqual (kept.Predict same).Probabilities (left.PredictProbability same) "kept"
            Expect.equal (kept.Predict same).Pattern PatternPart.Kept "which it says, too"
            Expect.isNull kept.Deployment "and nothing is decided by it"
            Expect.isFalse (nonNull (kept.ComparePatterns cut)).IsAsInTraining "and says so"

            use copy = new System.IO.MemoryStream()
            kept.Save copy
            copy.Position <- 0L

            use restored =
                CausalDebias.Wrap(
                    (BaselineCatalog.Find(baselines, "zero-fill-mlp")).Create(),
                    DebiasOptions.Recommended
                )

            restored.Load copy

            Expect.equal
                (restored.Predict same).Probabilities
                (kept.Predict same).Probabilities
                "a checkpoint judges alike"
    ]
