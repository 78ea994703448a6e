module CausalDebiasing.Tests.Predictors.OffsetTests

open System
open System.IO
open System.Threading
open Expecto
open CausalDebiasing
open CausalDebiasing.Cohorts
open CausalDebiasing.Debiasing
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support
open MathNet.Numerics.Distributions
open MathNet.Numerics.LinearRegression
open MathNet.Numerics.Statistics

/// Patients with two causes of the outcome, a and b, of slope 1.5 each, and half an intercept.
let private patients count seed =
    let random = Random(seed: int)

    let causes =
        Array.init (2 * count) (fun _ -> float32 (Normal.Sample(random, 0.0, 1.0)))

    let logits =
        Array.init count (fun row -> 0.5f + 1.5f * causes[2 * row] + 1.5f * causes[2 * row + 1])

    let labels =
        logits
        |> Array.map (fun logit ->
            if random.NextDouble() < Gradients.sigmoid (float logit) then
                1f
            else
                0f)

    let cohort =
        Cohort(
            [| Modality.Tabular("causes", 2) |],
            [| causes |],
            Array.create count true,
            labels,
            Array.init count (fun row -> row % 2),
            [| "a"; "b" |],
            Array.init count int64
        )

    cohort, logits

let private train, private logits = patients 4000 1
let private validation, private heldLogits = patients 1000 2
let private test, _ = patients 1000 3

let private fitWith (predictor: IPredictor) (context: FitContext) =
    predictor.Fit(train, validation, context)

    predictor.PredictProbability test
    |> Array.map (fun p -> log (float p / (1.0 - float p)))

let private fit id (offsets: float32[] option) held =
    use predictor = Toy.create id

    fitWith
        predictor
        (FitContext(
            Seed = Toy.seed 1,
            Offsets = Option.toObj offsets,
            ValidationOffsets = Option.toObj held,
            MostEpochs = 6
        ))

let private b (cohort: Cohort) =
    Array.init cohort.Count (fun row -> 1.5f * cohort.Row(0, row)[1])

/// Least-squares slopes of predicted logits on a and b.
let private slopes (predicted: float[]) =
    let design =
        Array.init test.Count (fun row -> [| float (test.Row(0, row)[0]); float (test.Row(0, row)[1]) |])

    let found = MultipleRegression.QR(design, predicted, true)
    found[1], found[2]

let private wrapped honours weighting =
    let listener = ToyPredictor.Constant(honours, 0.4f)

    let predictor =
        CausalDebias.Wrap(listener, DebiasOptions(Weighting = weighting, PatternResampling = 0.5))

    predictor.Fit(ToyOutcomes.outcomeLinked, ToyOutcomes.outcomeLinked, Toy.context 3)
    listener.Fits.Head, predictor.Diagnostics.ContainsKey "weights.ess"

/// A row's weight is shared by its four patterns, some of which are the same.
let private isShare (weight: float32) =
    let quarters = 4f * weight
    quarters = round quarters && quarters >= 1f && quarters <= 4f

[<Tests>]
let tests =
    Trained.tests "offsets" [
        for id in [ "lightgbm"; "logistic"; "zero-fill-mlp" ] do
            testCase $"{id} finds nothing beside the true logit"
            <| fun () ->
                let plain = fit id None None
                let beside = fit id (Some logits) (Some heldLogits)
                Expect.isGreaterThan (ArrayStatistics.StandardDeviation plain) 1.5 "plain"
                Expect.isLessThan (ArrayStatistics.StandardDeviation beside) 0.6 "beside"
                Expect.isLessThan (abs (ArrayStatistics.Mean beside)) 0.2 "level"

            testCase $"{id} keeps the cause that is not in the offset, at its full slope"
            <| fun () ->
                let a, offset = slopes (fit id (Some(b train)) (Some(b validation)))
                Expect.isLessThan (abs (a - 1.5)) 0.3 "slope on a"
                Expect.isLessThan (abs offset) 0.15 "slope on b"

        for id in [ "lightgbm"; "logistic" ] do
            testCase $"{id}: offsets of 0 are none, and equal ones move the level alone"
            <| fun () ->
                let plain = fit id None None
                Expect.equal (fit id (Some(Array.zeroCreate train.Count)) None) plain "0"
                let moved = fit id (Some(Array.create train.Count 0.7f)) None

                for before, after in Array.zip plain moved do
                    Expect.isLessThan (abs (before - after - 0.7)) 2e-2 "0.7 lower"

            testCase $"{id}: weights count rows, offsets or not"
            <| fun () ->
                let twice = [| for row in 0 .. train.Count - 1 -> if row % 3 = 0 then 2 else 1 |]

                let rows = [|
                    for row in 0 .. train.Count - 1 do
                        yield! Array.replicate twice[row] row
                |]

                let predict (cohort: Cohort) (weights: float32[] | null) offsets =
                    use predictor = Toy.create id

                    predictor.Fit(
                        cohort,
                        validation,
                        FitContext(Seed = Toy.seed 1, SampleWeights = weights, Offsets = offsets)
                    )

                    predictor.PredictProbability test

                let offsets = b train
                let weighted = predict train (Array.map float32 twice) offsets

                let repeated =
                    predict (train.Select rows) null (rows |> Array.map (fun row -> offsets[row]))

                // Trees count rows, not weights, in a leaf.
                let tolerance = if id = "logistic" then 1e-4 else 0.04

                let differences =
                    Array.map2 (fun (p: float32) q -> float (abs (p - q))) weighted repeated

                Expect.isLessThan (Array.average differences) tolerance "probabilities"

            testCase $"{id}: a file keeps a fit with offsets, and a damaged one is refused"
            <| fun () ->
                use predictor = Toy.create id
                predictor.Fit(train, validation, FitContext(Seed = Toy.seed 0, Offsets = logits))
                use stream = new MemoryStream()
                predictor.Save stream
                let bytes = stream.ToArray()

                let load (bytes: byte[]) =
                    let restored = Toy.create id
                    restored.Load(new MemoryStream(bytes))
                    restored.PredictProbability test

                Expect.equal (load bytes) (predictor.PredictProbability test) "bits"
                let damaged = Array.copy bytes
                damaged[bytes.Length / 2] <- damaged[bytes.Length / 2] ^^^ 0xFFuy

                for broken in [ damaged; bytes[.. bytes.Length / 2]; bytes[..3]; Array.empty ] do
                    Expect.stringContains (InputErrors.message (fun () -> load broken)) id "names it"

        testCase "boosting can be ended between rounds"
        <| fun () ->
            use source = new CancellationTokenSource()
            let mutable rounds = 0

            let listen (report: EpochReport) =
                rounds <- report.Epoch

                if rounds = 3 then
                    source.Cancel()

            use predictor = Toy.create "lightgbm"

            Expect.throwsT<OperationCanceledException>
                (fun () ->
                    predictor.Fit(
                        train,
                        validation,
                        FitContext(Seed = Toy.seed 0, Cancellation = source.Token, Progress = listen)
                    ))
                "cancelled"

            Expect.equal rounds 3 "rounds"

        testCase "weights must be at least 0 and not all 0, and an epoch allowed"
        <| fun () ->
            let message (context: FitContext) =
                InputErrors.message (fun () -> (Toy.create "logistic").Fit(train, validation, context))

            let weights first =
                let some = Array.create train.Count 1f
                some[0] <- first
                some

            for wrong in [ -1f; nanf; infinityf ] do
                Expect.stringContains
                    (message (FitContext(Seed = Toy.seed 0, SampleWeights = weights wrong)))
                    "A sample weight is negative or not a finite number"
                    $"{wrong}"

            Expect.stringContains
                (message (
                    FitContext(Seed = Toy.seed 0, ValidationWeights = Array.zeroCreate validation.Count)
                ))
                "All validation weights are 0"
                "none counts"

            Expect.stringContains
                (message (FitContext(Seed = Toy.seed 0, MostEpochs = 0)))
                "leaves nothing to train"
                "no epoch"

        testCase "offsets must be finite, one per row, and for a predictor that takes them"
        <| fun () ->
            let message id (context: FitContext) =
                InputErrors.message (fun () -> (Toy.create id).Fit(train, validation, context))

            let short = FitContext(Seed = Toy.seed 0, Offsets = [| 0f |])
            Expect.stringContains (message "logistic" short) "1 offsets for 4000 training rows" "short"
            let held = FitContext(Seed = Toy.seed 0, ValidationOffsets = [| 0f |])

            Expect.stringContains
                (message "lightgbm" held)
                "1 validation offsets for 1000 validation rows"
                "short"

            let nan = FitContext(Seed = Toy.seed 0, Offsets = Array.create train.Count nanf)
            Expect.stringContains (message "zero-fill-mlp" nan) "not a finite number" "NaN"
            let whole = FitContext(Seed = Toy.seed 0, Offsets = logits)
            Expect.stringContains (message "icym2i" whole) "does not take offsets" "a method of two steps"
            let wrapped = CausalDebias.Wrap(Toy.create "logistic", DebiasOptions.Recommended)

            Expect.stringContains
                (InputErrors.message (fun () -> wrapped.Fit(train, validation, whole)))
                "does not take offsets"
                "wrapped"

        testCase "a wrapped predictor that takes offsets gets rows at their full weight"
        <| fun () ->
            let given, reports = wrapped true RowWeighting.LogitAdjustment
            let weights = Seq.toArray (nonNull given.SampleWeights)
            let offsets = Seq.toArray (nonNull given.Offsets)
            Expect.equal offsets.Length weights.Length "one per row"
            Expect.all weights isShare "how often a row came"
            Expect.isGreaterThan (ArrayStatistics.StandardDeviation(Array.map float offsets)) 0.3 "patterns"

            Expect.equal
                (nonNull given.ValidationOffsets).Count
                ToyOutcomes.outcomeLinked.Count
                "validation rows"

            Expect.isFalse reports "no weights to report on"

        testCase "one that does not gets weights, and so do all where a balance by weights is asked for"
        <| fun () ->
            for honours, weighting in [ false, RowWeighting.LogitAdjustment; true, RowWeighting.LabelBalance ] do
                let given, reports = wrapped honours weighting
                Expect.isNull given.Offsets "no offsets"
                Expect.isNull given.ValidationOffsets "no validation offsets"
                Expect.isFalse (Seq.forall isShare (nonNull given.SampleWeights)) "weights"
                Expect.isTrue reports "effective sample size"
    ]
