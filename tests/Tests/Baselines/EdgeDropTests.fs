module CausalDebiasing.Tests.Baselines.EdgeDropTests

open Expecto
open CausalDebiasing.Debiasing
open TorchSharp
open CausalDebiasing.Baselines
open CausalDebiasing.Runtime

let private rows = 40000L

/// How many entries of a row of n observed and one absent entry are kept, and which, over many rows.
let private keptOf observed (drop: torch.Tensor -> torch.Generator -> torch.Tensor) =
    use _ = torch.NewDisposeScope()
    use random = Seed(5UL).Derive("edges", int64 observed).ToGenerator()

    let mask =
        torch.cat ([| torch.zeros ([| rows; 1L |]); torch.ones ([| rows; int64 observed |]) |], 1L)

    (drop mask random).data<float32>().ToArray()
    |> Array.chunkBySize (int observed + 1)

let private share predicate items =
    float (Array.length (Array.filter predicate items)) / float (Array.length items)

let private count (row: float32[]) = int (Array.sum row)

/// Four standard errors of a share over all rows.
let private tolerance = 4.0 * 0.5 / sqrt (float rows)

let private near actual expected message =
    Expect.isLessThan (abs (actual - expected)) tolerance message

[<Tests>]
let tests =
    testSequenced
    <| testList "edge drop" [
        for observed in 2..5 do
            testCase
                $"{observed} edges: half the rows untouched, the others keep 1 to {observed - 1} equally often"
            <| fun () ->
                let kept = keptOf observed (fun mask random -> EdgeDrop.HalfTheRows(mask, random))
                near (share (fun row -> count row = observed) kept) 0.5 "untouched"

                for k in 1 .. observed - 1 do
                    near (share (fun row -> count row = k) kept) (0.5 / float (observed - 1)) $"{k} kept"

                let dropped = kept |> Array.filter (fun row -> count row < observed)

                for m in 1..observed do
                    // The mean of k / n over uniform k in 1..n-1 is one half for every n.
                    Expect.isLessThan
                        (abs (share (fun (row: float32[]) -> row[m] = 1f) dropped - 0.5))
                        (2.0 * tolerance)
                        $"no modality is favoured: {m}"

                Expect.all kept (fun row -> row[0] = 0f) "the absent one stays absent"

        testCase "a row with one edge keeps it"
        <| fun () ->
            for drop in
                [
                    fun mask random -> EdgeDrop.HalfTheRows(mask, random)
                    fun mask random -> ModalityDrop.Thin(mask, 0.9, random)
                ] do
                Expect.all (keptOf 1 drop) (fun row -> row = [| 0f; 1f |]) "kept"

        testCase "independent drop: a row that would lose all keeps all"
        <| fun () ->
            let kept = keptOf 2 (fun mask random -> ModalityDrop.Thin(mask, 0.3, random))
            near (share (fun row -> count row = 2) kept) (0.7 * 0.7 + 0.3 * 0.3) "both"
            near (share (fun row -> count row = 1) kept) (2.0 * 0.7 * 0.3) "one"
    ]
