module CausalDebiasing.Tests.Baselines.CrlMmnarTests

open Expecto
open TorchSharp
open CausalDebiasing.Baselines
open CausalDebiasing.Tests.Support

/// Rows of one pattern that are all predicted p, of which some have the outcome.
let private rows pattern count p positives =
    List.init count (fun i -> pattern, float32 p, (if i < positives then 1f else 0f))

let private fit rows =
    let patterns, probabilities, labels = rows |> List.toArray |> Array.unzip3
    PatternRectifier.Fit(patterns, probabilities, labels)

let private offset (rectifier: PatternRectifier) pattern =
    0.5 - float (rectifier.Apply([| pattern |], [| 0.5f |])[0])

let private close actual expected message =
    Expect.floatClose Accuracy.medium actual expected message

[<Tests>]
let tests =
    Trained.tests "crl-mmnar" [
        testCase "offsets are the mean error of each pattern"
        <| fun () ->
            let rectifier = fit (rows 1 40 0.5 10 @ rows 3 50 0.2 20)
            close (offset rectifier 1) 0.25 "0.5 - 10/40"
            close (offset rectifier 3) -0.2 "0.2 - 20/50"
            close (offset rectifier 2) 0.0 "a pattern without rows"

        testCase "offsets are clipped at 0.3"
        <| fun () ->
            let rectifier = fit (rows 1 40 0.9 0 @ rows 3 40 0.1 40)
            close (offset rectifier 1) 0.3 "too high"
            close (offset rectifier 3) -0.3 "too low"

        testCase "few rows shrink the offset, very few leave none"
        <| fun () ->
            let rectifier = fit (rows 1 15 0.4 3 @ rows 2 29 0.9 0 @ rows 3 9 0.4 0)
            close (offset rectifier 1) (0.2 * 15.0 / 30.0) "15 rows"
            close (offset rectifier 2) (0.3 * 29.0 / 30.0) "clipped, then 29 rows"
            close (offset rectifier 3) 0.0 "9 rows"

        testCase "weighted rows count by their weights in the mean error, and by number in the trust"
        <| fun () ->
            let patterns, probabilities, labels =
                rows 1 15 0.5 5 |> List.toArray |> Array.unzip3

            // 5 positives of weight 2 and 10 negatives of weight 1: half of the weight has the outcome.
            let weights = labels |> Array.map (fun y -> 1f + y)

            close
                (offset (PatternRectifier.Fit(patterns, probabilities, labels, weights)) 1)
                0.0
                "0.5 - 10/20"

            let doubled = labels |> Array.map (fun y -> 2f - y)

            close
                (offset (PatternRectifier.Fit(patterns, probabilities, labels, doubled)) 1)
                ((0.5 - 5.0 / 25.0) * 15.0 / 30.0)
                "15 rows"

        testCase "a modality is reconstructed from the mean of the others"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            let gated = Tensors.float32s [ 2; 3; 1 ] [ 1.; 4.; 8.; 5.; 0.; 0. ]
            let mask = Tensors.float32s [ 2; 3 ] [ 1.; 1.; 1.; 1.; 0.; 0. ]
            let struct (mean, count) = MissingnessAwareFusion.MeanOfOthers(gated, mask, 0)
            Tensors.close (Tensors.values mean) [ 6.; 0. ] "4 and 8; nothing"
            Tensors.close (Tensors.values count) [ 2.; 0. ] "of how many"

        testCase "probabilities stay in [0, 1]"
        <| fun () ->
            let rectifier = fit (rows 1 40 0.5 10 @ rows 3 50 0.2 20)
            Expect.equal (rectifier.Apply([| 1; 3 |], [| 0.1f; 0.95f |])) [| 0f; 1f |] "clamped"

        testCase "the rectifier is learned from validation rows only"
        <| fun () ->
            let train, validation, test =
                Toy.draws {
                    Toy.standard with
                        Rows = 300
                        Shift = 0.5
                }

            use predictor = Toy.create "crl-mmnar" :?> CrlMmnar
            predictor.Fit(train, validation, Toy.context 3)
            let held = predictor.Network.PredictProbability validation

            let expected = [|
                for row, p in Seq.indexed (predictor.Network.PredictProbability test) ->
                    let members =
                        [ 0 .. validation.Count - 1 ]
                        |> List.filter (fun i -> validation.Pattern i = test.Pattern row)

                    let error = members |> List.averageBy (fun i -> held[i] - validation.Labels[i])
                    let trust = float32 (min 1.0 (max 0.3 (float members.Length / 30.0)))

                    let offset =
                        if members.Length < 10 then
                            0f
                        else
                            trust * max -0.3f (min 0.3f error)

                    max 0f (min 1f (p - offset))
            |]

            Seq.iter2
                (fun actual wanted ->
                    Expect.floatClose Accuracy.medium (float actual) (float wanted) "p - Delta_r")
                (predictor.PredictProbability test)
                expected
    ]
