module CausalDebiasing.Tests.Metrics.RankMetricTests

open CausalDebiasing.Metrics
open CausalDebiasing.Runtime
open Expecto
open FsCheck

let private auroc (y: float32[], p: float32[]) = Auroc.Compute(y, p)

let private averagePrecision (y: float32[], p: float32[]) = AveragePrecision.Compute(y, p)

/// Labels and scores; a coarse draw has at most five different scores, so that ties abound.
let private draw (rows: NonEmptyArray<bool * byte>) coarse =
    let labels = rows.Get |> Array.map (fun (y, _) -> if y then 1f else 0f)

    let scores =
        rows.Get
        |> Array.map (fun (_, s) -> if coarse then float32 (s % 5uy) / 4f else float32 s / 255f)

    labels, scores

let private bothClasses labels =
    Array.contains 0f labels && Array.contains 1f labels

/// The share of (positive, negative) pairs in the right order, ties one half.
let private pairs (labels: float32[]) (scores: float32[]) =
    let ordered = [
        for i in 0 .. labels.Length - 1 do
            for j in 0 .. labels.Length - 1 do
                if labels[i] = 1f && labels[j] = 0f then
                    if scores[i] > scores[j] then 1.0
                    elif scores[i] = scores[j] then 0.5
                    else 0.0
    ]

    List.average ordered

/// Precision and recall recounted at every distinct threshold.
let private precisionSum (labels: float32[]) (scores: float32[]) =
    let total = labels |> Array.sumBy float

    scores
    |> Array.distinct
    |> Array.sortDescending
    |> Array.map (fun threshold ->
        let flagged = Array.zip labels scores |> Array.filter (fun (_, s) -> s >= threshold)
        let found = flagged |> Array.sumBy (fst >> float)
        found / total, found / float flagged.Length)
    |> Array.append [| 0.0, 1.0 |]
    |> Array.pairwise
    |> Array.sumBy (fun ((before, _), (recall, precision)) -> (recall - before) * precision)

let private close actual expected message =
    Expect.floatClose Accuracy.veryHigh actual expected message

let private error labels (scores: float32[]) =
    Expect.throwsC (fun () -> auroc (labels, scores) |> ignore) (function
        | :? InputException as e -> e.Message
        | e -> failtestf "another exception: %O" e)

[<Tests>]
let tests =
    testList "Rank metrics" [
        testProperty "AUROC is the share of ordered pairs" (fun rows coarse ->
            let labels, scores = draw rows coarse

            if bothClasses labels then
                close (auroc (labels, scores)) (pairs labels scores) "pairs")
        testProperty "AUROC and average precision depend on the order only" (fun rows coarse ->
            let labels, scores = draw rows coarse
            let mapped = scores |> Array.map (fun s -> exp (3f * s) - 7f)

            if bothClasses labels then
                Expect.equal (auroc (labels, mapped)) (auroc (labels, scores)) "AUROC"

                Expect.equal
                    (averagePrecision (labels, mapped))
                    (averagePrecision (labels, scores))
                    "average precision")
        testProperty "AUROC and average precision do not depend on the order of the rows" (fun rows coarse ->
            let labels, scores = draw rows coarse

            if bothClasses labels then
                let labels', scores' = Array.rev labels, Array.rev scores
                Expect.equal (auroc (labels', scores')) (auroc (labels, scores)) "AUROC"

                Expect.equal
                    (averagePrecision (labels', scores'))
                    (averagePrecision (labels, scores))
                    "average precision")
        testProperty "flipping the labels mirrors AUROC" (fun rows coarse ->
            let labels, scores = draw rows coarse

            if bothClasses labels then
                let flipped = labels |> Array.map (fun y -> 1f - y)
                close (auroc (flipped, scores)) (1.0 - auroc (labels, scores)) "mirror")
        testProperty "average precision is the sum over thresholds" (fun rows coarse ->
            let labels, scores = draw rows coarse

            if Array.contains 1f labels then
                close (averagePrecision (labels, scores)) (precisionSum labels scores) "thresholds")
        test "hand-counted values" {
            let labels, scores = [| 0f; 0f; 1f; 1f |], [| 0.1f; 0.4f; 0.35f; 0.8f |]
            close (auroc (labels, scores)) 0.75 "3 of 4 pairs"
            close (averagePrecision (labels, scores)) (5.0 / 6.0) "1/2 * 1 + 1/2 * 2/3"
        }
        test "perfect, reversed and constant scores" {
            let labels = [| 0f; 1f; 1f; 0f; 0f |]
            close (auroc (labels, labels)) 1.0 "perfect"
            close (averagePrecision (labels, labels)) 1.0 "perfect"
            close (auroc (labels, labels |> Array.map (fun y -> -y))) 0.0 "reversed"
            close (auroc (labels, Array.create 5 0.3f)) 0.5 "constant"
            close (averagePrecision (labels, Array.create 5 0.3f)) 0.4 "constant: prevalence"
        }
        test "a single class and no rows" {
            for labels in [ [||]; [| 1f |]; [| 0f |]; [| 1f; 1f |]; [| 0f; 0f |] ] do
                let scores = Array.create labels.Length 0.5f
                Expect.isTrue (System.Double.IsNaN(auroc (labels, scores))) $"AUROC of %A{labels}"

            close (averagePrecision ([| 1f; 1f |], [| 0.1f; 0.9f |])) 1.0 "positives only"
            Expect.isTrue (System.Double.IsNaN(averagePrecision ([| 0f |], [| 0.1f |]))) "no positive"
        }
        test "infinite scores are ranked, signed zeros are equal" {
            close (auroc ([| 0f; 1f |], [| -infinityf; infinityf |])) 1.0 "infinite"
            close (auroc ([| 0f; 1f |], [| -0f; 0f |])) 0.5 "zeros"
        }
        test "unusable input is named by count" {
            Expect.stringContains
                (error [| 0f; 1f; 1f |] [| nanf; 0.5f; nanf |])
                "2 of 3 predictions are NaN"
                "NaN"

            Expect.stringContains (error [| 0f; 1f |] [| 0.5f |]) "2 labels but 1 predictions" "lengths"
            Expect.stringContains (error [| 0f; 2f |] [| 0.5f; 0.1f |]) "1 of 2 labels" "labels"
        }
    ]
