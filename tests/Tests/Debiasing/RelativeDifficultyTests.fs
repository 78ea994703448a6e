module CausalDebiasing.Tests.Debiasing.RelativeDifficultyTests

open Expecto
open CausalDebiasing.Debiasing

[<Tests>]
let tests =
    testList "relative difficulty" [
        testCase "losses are averaged per row and divided by the largest of their class"
        <| fun () ->
            let memory = LossMemory 4
            memory.Record([| 0; 1; 2 |], [| true; true; false |], [| 1f; 2f; 5f |])
            memory.Record([| 0 |], [| true |], [| 3f |])
            // Row 0: 0.7 * 1 + 0.3 * 3 = 1.6; the largest of its class is row 1 with 2.
            Expect.floatClose Accuracy.medium (float (memory.Relative 0)) 0.8 "row 0"
            Expect.floatClose Accuracy.medium (float (memory.Relative 1)) 1.0 "row 1"
            Expect.floatClose Accuracy.medium (float (memory.Relative 2)) 1.0 "alone in its class"

        testCase "published weights are l_b / (l_b + l_d)"
        <| fun () ->
            let difficulty = RelativeDifficulty(2, false)

            let weights =
                difficulty.Weights([| 0; 1 |], [| true; true |], [| 1f; 4f |], [| 2f; 2f |])

            Expect.floatClose Accuracy.medium (float weights[0]) (0.25 / 1.25) "easy for the biased branch"
            Expect.floatClose Accuracy.medium (float weights[1]) 0.5 "hard for both"

        testCase "tempered weights have mean 1 in each class"
        <| fun () ->
            let difficulty = RelativeDifficulty(4, true)

            let weights =
                difficulty.Weights(
                    [| 0..3 |],
                    [| true; true; false; false |],
                    [| 1f; 4f; 1f; 8f |],
                    [| 2f; 2f; 1f; 9f |]
                )

            Expect.floatClose Accuracy.medium (float (weights[0] + weights[1])) 2.0 "positives"
            Expect.floatClose Accuracy.medium (float (weights[2] + weights[3])) 2.0 "negatives"
    ]
