module CausalDebiasing.Tests.Baselines.CalMrlTests

open Expecto
open TorchSharp
open CausalDebiasing.Baselines
open CausalDebiasing.Tests.Support

let private loss (vectors: float list list) =
    CalMrl.AlignmentLoss((Batches.matrix vectors).unsqueeze(0), 0.1).ToDouble()

[<Tests>]
let tests =
    testSequenced
    <| testList "calmrl" [
        testCase "alignment of two vectors follows from their angle"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            // Unit vectors with cosine 0.6 have singular values sqrt(1 +- 0.6); lengths do not matter.
            let largest, smallest = sqrt 1.6 / 0.1, sqrt 0.4 / 0.1

            let expected = log (1.0 + exp (smallest - largest))
            let actual = loss [ [ 2.0; 0.0 ]; [ 1.8; 2.4 ] ]
            Expect.isLessThan (abs (actual - expected)) 1e-6 "cosine 0.6"

        testCase "right angles are worst and parallel vectors best"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            Expect.floatClose Accuracy.medium (loss [ [ 1.0; 0.0 ]; [ 0.0; 3.0 ] ]) (log 2.0) "right angle"
            Expect.isLessThan (loss [ [ 1.0; 1.0 ]; [ 2.0; 2.0 ] ]) 1e-5 "parallel"
    ]
