module CausalDebiasing.Tests.Baselines.ShaSpecTests

open CausalDebiasing.Baselines
open CausalDebiasing.Tests.Support.Tensors
open Expecto
open FsCheck
open TorchSharp

let private n, m, d = 6, 4, 3

[<Tests>]
let tests =
    testSequenced
    <| testList "ShaSpec" [
        testProperty "shared distance is the sum of L1 means over neighbours that are both observed"
        <| fun (NonNegativeInt seed) ->
            use _ = torch.NewDisposeScope()
            let x, o = numbers seed (n * m * d), mask seed n m
            let entry i j k = x[(i * m + j) * d + k]

            let expected =
                [ 0 .. m - 1 ]
                |> List.sumBy (fun j ->
                    let next = (j + 1) % m

                    let rows = [
                        for i in 0 .. n - 1 do
                            if o[i * m + j] * o[i * m + next] > 0.0 then
                                [ 0 .. d - 1 ]
                                |> List.averageBy (fun k -> abs (entry i j k - entry i next k))
                    ]

                    if rows.IsEmpty then 0.0 else List.average rows)

            let actual = ShaSpec.SharedDistance(float32s [ n; m; d ] x, float32s [ n; m ] o)
            close (values actual) [ expected ] "shared distance"

        testProperty "modality classification is the mean cross-entropy of observed modalities"
        <| fun (NonNegativeInt seed) ->
            use _ = torch.NewDisposeScope()
            let x, o = numbers seed (n * m * m), mask seed n m

            let expected =
                [
                    for i in 0 .. n - 1 do
                        for j in 0 .. m - 1 do
                            if o[i * m + j] > 0.0 then
                                let scores = List.init m (fun k -> x[(i * m + j) * m + k])
                                log (List.sumBy exp scores) - scores[j]
                ]
                |> List.average

            let actual =
                ShaSpec.ModalityClassification(float32s [ n; m; m ] x, float32s [ n; m ] o)

            close (values actual) [ expected ] "classification"

        test "a missing modality gets the mean of the observed shared features" {
            use _ = torch.NewDisposeScope()
            let composed = float32s [ 1; 3; 2 ] [ 10; 20; 30; 40; 50; 60 ]
            let common = float32s [ 1; 3; 2 ] [ 1; 2; 100; 200; 5; 8 ]
            let actual = ShaSpec.Complete(composed, common, float32s [ 1; 3 ] [ 1; 0; 1 ])
            close (values actual) [ 10; 20; 3; 5; 50; 60 ] "fused"
        }
    ]
