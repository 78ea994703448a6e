module CausalDebiasing.Tests.Metrics.CalibrationMetricTests

open System
open CausalDebiasing.Metrics
open CausalDebiasing.Runtime
open Expecto
open FsCheck

let private brier (y: float32[], p: float32[]) = BrierScore.Compute(y, p)

let private logLoss (y: float32[], p: float32[]) = LogLoss.Compute(y, p)

let private binned bins (y: float32[], p: float32[]) =
    ExpectedCalibrationError.Compute(y, p, bins)

let private metrics (y: float32[], p: float32[]) = MetricSet.Of(y, p)

let private draw (rows: NonEmptyArray<bool * byte>) =
    rows.Get |> Array.map (fun (y, _) -> if y then 1f else 0f),
    rows.Get |> Array.map (fun (_, p) -> float32 p / 255f)

let private close actual expected message =
    Expect.floatClose Accuracy.veryHigh actual expected message

let private gap rows =
    abs (Array.averageBy (fst >> float) rows - Array.averageBy (snd >> float) rows)

let private share (all: _[]) (part: _[]) = float part.Length / float all.Length

[<Tests>]
let tests =
    testList "Calibration metrics" [
        testProperty "the Brier score splits by class" (fun rows ->
            let labels, probabilities = draw rows

            let expected =
                Array.zip labels probabilities
                |> Array.groupBy fst
                |> Array.sumBy (fun (y, group) ->
                    share labels group
                    * (group
                       |> Array.averageBy (fun (_, p) -> (if y = 1f then 1.0 - float p else float p) ** 2.0)))

            close (brier (labels, probabilities)) expected "Brier")
        testProperty "log loss is minus the log of the geometric mean likelihood" (fun rows ->
            let labels, probabilities = draw rows

            let likelihood =
                Array.map2
                    (fun y p ->
                        if y = 1f then
                            max 1e-7 (float p)
                        else
                            max 1e-7 (1.0 - float p))
                    labels
                    probabilities

            let expected = -(likelihood |> Array.averageBy log)

            Expect.isLessThan
                (abs (logLoss (labels, probabilities) - expected))
                (1.1e-7 + 1e-7 * expected)
                "clipping from above costs 1e-7 at most")
        testProperty
            "calibration error without ties uses bins of equal size"
            (fun (labels: NonEmptyArray<bool>) ->
                let n = labels.Get.Length
                let labels = labels.Get |> Array.map (fun y -> if y then 1f else 0f)
                let probabilities = Array.init n (fun i -> (float32 i + 0.5f) / float32 n)
                // With n a multiple of the bins, equal-mass bins are consecutive chunks.
                let rows = Array.zip labels probabilities |> Array.replicate 5 |> Array.concat
                let rows = rows |> Array.mapi (fun i (y, p) -> y, p / 5f + float32 (i / n) / 5f)
                let expected = rows |> Array.chunkBySize n |> Array.averageBy gap

                let actual = binned 5 (Array.map fst rows, Array.map snd rows)

                Expect.floatClose Accuracy.high actual expected "chunks")
        testProperty "calibration error keeps ties together, whatever the order of the rows" (fun rows ->
            let labels, probabilities = draw rows
            let coarse = probabilities |> Array.map (fun p -> MathF.Round(4f * p) / 4f)
            let expected = binned 15 (labels, coarse)
            let reversed = binned 15 (Array.rev labels, Array.rev coarse)
            Expect.floatClose Accuracy.veryHigh reversed expected "order")
        testProperty "one bin compares the means" (fun rows ->
            let labels, probabilities = draw rows
            let expected = gap (Array.zip labels probabilities)

            Expect.floatClose Accuracy.high (binned 1 (labels, probabilities)) expected "means")
        test "five tied groups in fifteen bins are five bins" {
            let rows = [|
                for g in 0..4 do
                    for i in 0..19 do
                        (if i < 3 * g then 1f else 0f), float32 g / 4f
            |]

            let expected = rows |> Array.groupBy snd |> Array.averageBy (snd >> gap)
            close (binned 15 (Array.map fst rows, Array.map snd rows)) expected "groups"
        }
        test "a tied group goes to the bin of its middle rank" {
            let labels, p = [| 1f; 1f; 0f; 0f |], [| 0.25f; 0.5f; 0.5f; 0.5f |]
            close (binned 2 (labels, p)) ((0.75 + 0.5) / 4.0) "one row below, three above"
        }
        test "closed forms" {
            let labels = [| 1f; 0f; 0f; 0f |]

            let half, certain, wrong =
                Array.create 4 0.5f, labels, labels |> Array.map (fun y -> 1f - y)

            close (brier (labels, half)) 0.25 "Brier of 1/2"
            close (logLoss (labels, half)) (log 2.0) "log loss of 1/2"
            close (binned 15 (labels, half)) 0.25 "calibration of 1/2"

            close (binned 15 (labels, Array.create 4 0.25f)) 0.0 "constant at the prevalence"

            close (brier (labels, certain)) 0.0 "certain and right"
            close (logLoss (labels, certain)) -(log (1.0 - 1e-7)) "certain and right"
            close (brier (labels, wrong)) 1.0 "certain and wrong"
            close (logLoss (labels, wrong)) -(log 1e-7) "certain and wrong, clipped"
            close (binned 15 (labels, wrong)) 1.0 "certain and wrong"
        }
        test "one row" {
            close (brier ([| 1f |], [| 0.25f |])) 0.5625 "Brier"
            close (logLoss ([| 1f |], [| 0.25f |])) (log 4.0) "log loss"
            close (binned 15 ([| 1f |], [| 0.25f |])) 0.75 "calibration"
        }
        test "no rows" {
            let set = metrics ([||], [||])

            for value in [ set.BrierScore; set.LogLoss; set.ExpectedCalibrationError; set.Auroc ] do
                Expect.isTrue (Double.IsNaN value) "undefined"
        }
        test "the set holds each metric" {
            let labels: float32[] = [| 0f; 1f; 1f; 0f; 1f |]
            let p: float32[] = [| 0.2f; 0.7f; 0.4f; 0.5f; 0.9f |]

            let expected =
                MetricSet(
                    Auroc.Compute(labels, p),
                    AveragePrecision.Compute(labels, p),
                    brier (labels, p),
                    logLoss (labels, p),
                    binned 15 (labels, p)
                )

            Expect.equal (metrics (labels, p)) expected "set"
        }
        test "scores that are no probabilities are refused by count" {
            for metric in [ brier; logLoss; binned 15 ] do
                for p in [ [| 0.5f; 1.5f |]; [| -0.1f; 1f |]; [| nanf; 1f |] ] do
                    Expect.throwsC (fun () -> metric ([| 0f; 1f |], p) |> ignore) (fun e ->
                        Expect.isTrue (e :? InputException) "kind"
                        Expect.stringContains e.Message "1 of 2 predictions" "count")
        }
    ]
