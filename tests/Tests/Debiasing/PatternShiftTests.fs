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

let private logistic z = 1.0 / (1.0 + exp -z)

/// Rows with a severity that one accepts and of which six modalities tell; all but the first are there more often by a push of outcome and
/// severity.
let private measured n accept push seed =
    let random = Random(seed: int)

    let normal () =
        MathNet.Numerics.Distributions.Normal.Sample(random, 0.0, 1.0)

    let rec draw () =
        let severity = normal ()
        if accept severity then severity else draw ()

    let severity = Array.init n (fun _ -> draw ())

    let label =
        severity
        |> Array.map (fun s -> if random.NextDouble() < logistic (1.3 * s) then 1f else 0f)

    let mask = [|
        for row in 0 .. n - 1 do
            true

            for _ in 1..5 do
                random.NextDouble() < logistic (0.3 + push (float label[row] - 0.5) severity[row])
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

/// Rows that are measured where the event is and less often where severity is high, so that risk and presence hardly go together;
/// `strength` times as much as that.
let private cancelling n strength =
    measured n (fun _ -> true) (fun event severity -> strength * (1.6 * event - 0.8 * severity))

/// The risk by the severity that what was measured lets expect.
let private riskOfMeasured (cohort: Cohort) =
    let values = [| for m in 0..5 -> cohort.Values(m).ToArray() |]

    [|
        for row in 0 .. cohort.Count - 1 ->
            let seen = [
                for m in 0..5 do
                    if cohort.IsObserved(row, m) then
                        float (values[m][row])
            ]

            float32 (logistic (1.3 * List.sum seen / float (seen.Length + 1)))
    |]

let private risk (cohort: Cohort) =
    cohort.Values(0).ToArray() |> Array.map (fun s -> 1f / (1f + exp -s))

let private shift (risk: Cohort -> float32[]) trainingRows deployment =
    let offset = PatternRegression.Fit(trainingRows, Thinning.None, null, Toy.seed 1)

    let reference = PatternReference.Of(trainingRows, risk trainingRows, risk, offset)
    PatternShift.Of(reference.For(deployment, offset), deployment, risk deployment, risk, offset)

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

        for name, accept in
            [
                "severe", (fun severity -> severity > -0.5)
                "mild", (fun severity -> severity < 0.5)
            ] do
            testCase
                $"a deployment of {name} patients only is as in training where they are measured as there"
            <| fun () ->
                let linked event _ = 1.6 * event
                let training = measured 6000 (fun _ -> true) linked 1

                let found push =
                    shift riskOfMeasured training (measured 6000 accept push 2)

                let same, random, reversed =
                    found linked, found (fun _ _ -> 0.0), found (fun event _ -> -1.6 * event)

                Expect.isGreaterThan same.Position 0.6 "the relation is there"
                Expect.isTrue same.IsAsInTraining "and is kept"
                Expect.isLessThan (abs random.Position) 0.35 "none under random patterns"
                Expect.isFalse random.IsAsInTraining "left out"
                Expect.isLessThan reversed.Position -0.6 "and the opposite where it is reversed"
                Expect.isFalse reversed.IsAsInTraining "left out, too"

        testCase "what is never measured, or seldom, is not missed in what the rest shows"
        <| fun () ->
            let linked event _ = 1.6 * event
            let training = measured 6000 (fun _ -> true) linked 1
            let random = Random 3

            for name, share in [ "never", 0.0; "seldom", 0.1 ] do
                for push, position in [ 1.6, 1.0; 0.0, 0.0; -1.6, -1.0 ] do
                    let patients = measured 6000 (fun _ -> true) (fun event _ -> push * event) 2

                    let mask =
                        patients.Mask.ToArray()
                        |> Array.mapi (fun i seen -> seen && (i % 6 < 4 || random.NextDouble() < share))

                    let found = shift riskOfMeasured training (patients.WithMask mask)
                    Expect.isLessThan (abs (found.Position - position)) 0.45 $"{name}, push {push}"

                    Expect.equal
                        found.IsAsInTraining
                        (push > 0.0)
                        $"{name}, push {push}: kept or not ({found.Position:f2} +- {found.StandardError:f2})"

        testCase "a single modality that has changed is seen beside others that have not"
        <| fun () ->
            let linked event _ = 1.6 * event
            let training = measured 6000 (fun _ -> true) linked 1
            let patients = measured 6000 (fun _ -> true) linked 2
            let random = Random 3

            let mask =
                patients.Mask.ToArray()
                |> Array.mapi (fun i seen ->
                    seen && (i % 6 <> 2 || patients.Labels[i / 6] = 0f || random.NextDouble() < 0.3))

            let found deployment =
                shift riskOfMeasured training deployment

            let same, changed = found patients, found (patients.WithMask mask)
            Expect.isFalse same.HasChangedModality "none has"
            Expect.isTrue same.IsShownAsInTraining "and that is shown"
            Expect.isTrue changed.HasChangedModality "one has"
            Expect.isTrue changed.IsAsInTraining "the others are as before"
            Expect.isFalse changed.IsShownAsInTraining "but not all"

        testCase "patients who are too much alike cannot show a change"
        <| fun () ->
            let linked event _ = 1.6 * event
            let training = measured 4000 (fun _ -> true) linked 1
            let alike = measured 2000 (fun severity -> severity > 0.8) (fun _ _ -> 0.0) 2
            let found = shift riskOfMeasured training alike
            Expect.isTrue found.IsTooNarrow "which it says"

            for readsAnyway, part in [ true, PatternPart.Kept; false, PatternPart.LeftOut ] do
                let choice = PatternChoice(PatternUse.KeptAsInTraining, readsAnyway)

                Expect.equal
                    (choice.Part(found, 2000))
                    part
                    $"a plain predictor reads patterns: {readsAnyway}"

                Expect.stringContains (choice.Reason(found, 2000)) "spreads too little" "and why"

        testCase "the same patients with fewer modalities are always the same, and there must be some"
        <| fun () ->
            let patients = cohort 300 0.6 1
            let asked = DebiasedPredictor.WithFewerModalities patients
            let patterns (cohort: Cohort) = Array.init cohort.Count cohort.Pattern

            Expect.equal
                (Seq.map patterns asked |> List.ofSeq)
                (DebiasedPredictor.WithFewerModalities patients |> Seq.map patterns |> List.ofSeq)
                "twice"

            for less in asked do
                Expect.equal less.Count patients.Count "all of them"

                for row in 0 .. less.Count - 1 do
                    Expect.equal (less.Pattern row &&& ~~~(patients.Pattern row)) 0 "nothing is made up"

            Expect.stringContains
                (InputErrors.message (fun () -> DebiasedPredictor.WithFewerModalities(patients.Select [||])))
                "no patient"
                "none"

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

            for name, asInTraining in [ "zero-fill-mlp", PatternPart.Kept; "logistic", PatternPart.LeftOut ] do
                let plain = (BaselineCatalog.Find(baselines, name)).Create()
                use wrapped = CausalDebias.Wrap(plain, options)
                wrapped.Fit(cancelling 4000 1.0 1, cancelling 1500 1.0 2, FitContext(Seed = Toy.seed 3))

                for strength, part in
                    [ 1.0, asInTraining; 0.0, PatternPart.LeftOut; -1.0, PatternPart.LeftOut ] do
                    let predicted = wrapped.Predict(cancelling 1500 strength 4)
                    Expect.equal predicted.Pattern part $"{name}, strength {strength}"
                    Expect.stringContains predicted.Reason "values and missingness pattern" "which it says"

        testCase
            "what cannot be compared is kept where the plain predictor reads it, with few patients and many"
        <| fun () ->
            let part use' readsAnyway rows =
                PatternChoice(use', readsAnyway).Part(PatternShift.NotJudged, rows)

            for rows in [ 1; PatternShift.LeastPatients - 1; PatternShift.LeastPatients ] do
                Expect.equal (part PatternUse.KeptAsInTraining true rows) PatternPart.Kept "as it does"
                Expect.equal (part PatternUse.KeptAsInTraining false rows) PatternPart.LeftOut "as it cannot"

            Expect.equal
                (part PatternUse.Interventional true 1000)
                PatternPart.LeftOut
                "where it is asked for"

        testCase
            "a relation that is plainly stronger than in training is kept and said, whoever reads the pattern"
        <| fun () ->
            for readsAnyway in [ true; false ] do
                let choice = PatternChoice(PatternUse.KeptAsInTraining, readsAnyway)

                let said position =
                    choice.Reason(PatternShift(position, 0.1), 500)

                Expect.equal (choice.Part(PatternShift(2.3, 0.1), 500)) PatternPart.Kept "kept"
                Expect.stringContains (said 2.3) "more strongly" "said"
                Expect.isFalse ((said 1.2).Contains "more strongly") "within chance"

        testCase "the burden of proof is on a change only where the plain predictor reads the pattern"
        <| fun () ->
            for position, error, anyway, otherwise in
                [
                    1.0, 0.1, PatternPart.Kept, PatternPart.Kept
                    1.0, 0.3, PatternPart.Kept, PatternPart.LeftOut
                    0.6, 0.1, PatternPart.Kept, PatternPart.LeftOut
                    0.4, 0.1, PatternPart.Kept, PatternPart.LeftOut
                    0.2, 0.1, PatternPart.LeftOut, PatternPart.LeftOut
                ] do
                let shift = PatternShift(position, error)

                for readsAnyway, part in [ true, anyway; false, otherwise ] do
                    let choice = PatternChoice(PatternUse.KeptAsInTraining, readsAnyway)
                    let reason = choice.Reason(shift, 500)
                    Expect.equal (choice.Part(shift, 500)) part $"{position} +- {error}: {reason}"

                    Expect.stringStarts
                        reason
                        (if part = PatternPart.Kept then "Kept" else "Left out")
                        "as is said"

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

            let alike =
                same.WithMask(same.Mask.ToArray() |> Array.mapi (fun i seen -> seen && i % 2 = 0))

            Expect.equal
                (kept.Predict alike).Pattern
                PatternPart.LeftOut
                "left out where all are measured alike"

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
