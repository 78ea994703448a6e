module CausalDebiasing.Tests.Debiasing.RecalibrationTests

open System
open System.Globalization
open System.IO
open Expecto
open CausalDebiasing
open CausalDebiasing.Cohorts
open CausalDebiasing.Debiasing
open CausalDebiasing.Metrics
open CausalDebiasing.Predictors
open CausalDebiasing.Tests.Support

let private probabilities = Array.map (Gradients.sigmoid >> float32)

/// Logits, what a pattern adds to them, and outcomes drawn from slope * logit + intercept + share * pattern.
let private draw n slope intercept share =
    let random = Random 7
    let logits = Array.init n (fun _ -> 4.0 * random.NextDouble() - 2.0)

    let pattern =
        Array.init n (fun _ -> if random.NextDouble() < 0.5 then 1.0 else -1.0)

    let labels =
        Array.map2
            (fun logit odds ->
                let p = Gradients.sigmoid (slope * logit + intercept + share * odds)
                if random.NextDouble() < p then 1f else 0f)
            logits
            pattern

    logits, pattern, labels

let private near expected actual name =
    Expect.isLessThan (abs (actual - expected)) 0.07 $"{name} {actual} for {expected}"

/// Gives what the first column says, too extreme by half.
let private overconfident () =
    new ToyPredictor(
        false,
        fun cohort ->
            cohort.Values(0).ToArray()
            |> Array.map (fun logit -> float32 (Gradients.sigmoid (2.0 * float logit)))
    )

let private cohort n =
    let logits, _, labels = draw n 1.0 0.0 0.0

    Cohort(
        [| Modality.Tabular("logit", 1) |],
        [| Array.map float32 logits |],
        Array.create n true,
        labels,
        Array.init n (fun row -> row % 2),
        [| "a"; "b" |],
        Array.init n int64
    )

let private options =
    DebiasOptions(Weighting = RowWeighting.LogitAdjustment, Recalibrate = true)

[<Tests>]
let tests =
    Trained.tests "recalibration" [
        testCase "slope and intercept are found beside what is known of the pattern"
        <| fun () ->
            let logits, pattern, labels = draw 20000 0.5 0.3 0.8
            let offsets = pattern |> Array.map (fun odds -> 0.8 * odds)
            let found = Recalibration.OfInterventional(labels, probabilities logits, offsets)
            near 0.5 found.Slope "slope"
            near 0.3 found.Intercept "intercept"

        testCase "where the pattern is kept, its share is found too"
        <| fun () ->
            let logits, pattern, labels = draw 20000 1.5 -0.2 0.4

            let found =
                Recalibration.OfFactual(labels, probabilities logits, pattern, Array.zeroCreate 20000)

            near 1.5 found.Slope "slope"
            near -0.2 found.Intercept "intercept"
            near 0.4 found.Share "share"

        testCase "a few rows change little, and the order of patients is never reversed"
        <| fun () ->
            let few =
                Recalibration.OfInterventional(
                    ReadOnlySpan [| 1f; 0f |],
                    probabilities [| -2.0; 2.0 |],
                    [| 0.0; 0.0 |]
                )

            near 0.8 few.Slope "slope"
            let logits, _, labels = draw 20000 -1.0 0.0 0.0

            let reversed =
                Recalibration.OfInterventional(labels, probabilities logits, Array.zeroCreate 20000)

            Expect.isGreaterThan reversed.Slope 0.0 "slope"

        testCase "no change leaves predictions as they are"
        <| fun () ->
            let given = [| 0f; 1e-30f; 0.3f; 1f |]
            Expect.equal (Recalibration.None.Apply given) given "probabilities"

        testCase
            "a wrapped predictor that was too extreme is calibrated, in the same order, also from its file"
        <| fun () ->
            let train, test = cohort 4000, cohort 6000
            let alone: IPredictor = overconfident ()
            let wrapped = CausalDebias.Wrap(overconfident (), options)
            wrapped.Fit(train, train, Toy.context 1)
            let before, after = alone.PredictProbability test, wrapped.PredictProbability test

            let error (p: float32[]) =
                ExpectedCalibrationError.Compute(test.Labels, ReadOnlySpan p)

            Expect.isGreaterThan (error before) 0.06 "too extreme"
            Expect.isLessThan (error after) 0.03 "and no longer"

            Expect.floatClose
                Accuracy.high
                (Auroc.Compute(test.Labels, ReadOnlySpan after))
                (Auroc.Compute(test.Labels, ReadOnlySpan before))
                "order"

            near
                0.5
                (Double.Parse(wrapped.Diagnostics["recalibration.slope"], CultureInfo.InvariantCulture))
                "reported slope"

            use stream = new MemoryStream()
            wrapped.Save stream
            stream.Position <- 0L
            let restored = CausalDebias.Wrap(overconfident (), options)
            restored.Load stream
            Expect.equal (restored.PredictProbability test) after "from its file"
    ]
