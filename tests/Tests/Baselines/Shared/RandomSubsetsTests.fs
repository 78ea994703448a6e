module CausalDebiasing.Tests.Baselines.Shared.RandomSubsetsTests

open Expecto
open TorchSharp
open CausalDebiasing.Baselines.Shared
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support

let private copies = 6000

/// How often each result row was drawn, as a share, for many copies of one mask.
let private shares mask draw =
    use _ = torch.NewDisposeScope()
    use random = (Seed 8UL).ToGenerator()
    let drawn: torch.Tensor = draw (Batches.rows (List.replicate copies mask) []) random

    Batches.numbers drawn
    |> Array.chunkBySize mask.Length
    |> Array.countBy List.ofArray
    |> Array.map (fun (row, count) -> row, float count / float copies)
    |> Map.ofArray

let private expectShares (actual: Map<float list, float>) (expected: (float list * float) list) =
    Expect.equal (Set.ofSeq actual.Keys) (set (List.map fst expected)) "what can be drawn"

    for row, share in expected do
        Expect.isLessThan (abs (actual[row] - share)) 0.03 $"share of %A{row}"

[<Tests>]
let tests =
    testSequenced
    <| testList "random subsets" [
        testCase "two of three observed: both, the first and the second in a third of the rows each"
        <| fun () ->
            let drawn =
                shares [ 1.0; 0.0; 1.0 ] (fun batch random -> RandomSubsets.NonEmpty(batch, random))

            expectShares drawn [
                [ 1.0; 0.0; 1.0 ], 1.0 / 3.0
                [ 1.0; 0.0; 0.0 ], 1.0 / 3.0
                [ 0.0; 0.0; 1.0 ], 1.0 / 3.0
            ]

        testCase "the number of dropped modalities is uniform, then which"
        <| fun () ->
            let drawn =
                shares [ 1.0; 1.0; 0.0 ] (fun batch random -> RandomSubsets.DropSome(batch.Mask, random))

            expectShares drawn [ [ 1.0; 1.0; 0.0 ], 0.5; [ 1.0; 0.0; 0.0 ], 0.25; [ 0.0; 1.0; 0.0 ], 0.25 ]

        testCase "subsets of a size are equally likely; too few eligible are all taken"
        <| fun () ->
            let draw size =
                shares [ 1.0; 1.0; 0.0; 1.0 ] (fun batch random ->
                    RandomSubsets.OfSize(
                        batch.Mask,
                        torch.full (int64 copies, float32 size |> fun s -> s.ToScalar()),
                        random
                    ))

            let third = 1.0 / 3.0

            expectShares (draw 2) [
                [ 1.0; 1.0; 0.0; 0.0 ], third
                [ 1.0; 0.0; 0.0; 1.0 ], third
                [ 0.0; 1.0; 0.0; 1.0 ], third
            ]

            expectShares (draw 4) [ [ 1.0; 1.0; 0.0; 1.0 ], 1.0 ]
    ]
