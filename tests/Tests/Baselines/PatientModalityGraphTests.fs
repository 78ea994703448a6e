module CausalDebiasing.Tests.Baselines.PatientModalityGraphTests

open System.Collections.Generic
open Expecto
open FsCheck
open MathNet.Numerics.Random
open TorchSharp
open CausalDebiasing.Baselines.Shared
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime

let private width = 3

/// Rows of a parameter as plain numbers; a vector is one row.
let private rowsOf (parameter: torch.Tensor) =
    let flat = parameter.detach().data<float32>().ToArray() |> Array.map float
    Array.chunkBySize (int (parameter.size -1)) flat

let private relu = Array.map (max 0.0)

/// W x + b of a linear layer of the network's state.
let private affine (state: IDictionary<string, torch.Tensor>) name (input: float[]) =
    let bias = Array.head (rowsOf state[name + ".bias"])

    Array.map2 (fun row b -> b + Array.sum (Array.map2 (*) row input)) (rowsOf state[name + ".weight"]) bias

let private weightedMean (items: (float * float[]) list) =
    let total = List.sumBy fst items

    if total = 0.0 then
        Array.zeroCreate width
    else
        Array.init width (fun k -> List.sumBy (fun (w, v: float[]) -> w * v[k]) items / total)

/// The message passing written as loops over a list of directed edges between numbered nodes.
let private bruteForce
    (state: IDictionary<string, torch.Tensor>)
    layers
    normalise
    (z: float[][][])
    (mask: bool[][])
    (weight: int -> int -> float)
    =
    let patients, modalities = mask.Length, mask[0].Length

    let mutable nodes =
        Array.append (Array.replicate patients (Array.create width 1.0)) (rowsOf state["modalities"])

    let mutable edges = [
        for i in 0 .. patients - 1 do
            for m in 0 .. modalities - 1 do
                if mask[i][m] then
                    yield i, patients + m, 1.0, z[i][m]
                    yield patients + m, i, weight i m, z[i][m]
    ]

    for l in 0 .. layers - 1 do
        let previous = nodes

        nodes <-
            previous
            |> Array.mapi (fun receiver own ->
                let messages = [
                    for sender, target, w, e in edges do
                        if target = receiver then
                            w, relu (affine state $"layers.{l}.message" (Array.append previous[sender] e))
                ]

                let updated =
                    relu (affine state $"layers.{l}.update" (Array.append (weightedMean messages) own))

                let norm = max 1e-12 (sqrt (Array.sumBy (fun x -> x * x) updated))

                if normalise then
                    Array.map (fun x -> x / norm) updated
                else
                    updated)

        if l < layers - 1 then
            let current = nodes

            edges <- [
                for sender, target, w, e in edges ->
                    sender,
                    target,
                    w,
                    relu (
                        affine state $"edgeUpdates.{l}" (Array.concat [ current[sender]; current[target]; e ])
                    )
            ]

    Array.take patients nodes

let private floats (shape: int64 list) (values: seq<float>) =
    torch.tensor(Array.ofSeq (Seq.map float32 values)).reshape(List.toArray shape)

let private agreesWithLoops layers normalise weighted (NonNegativeInt seed) =
    use _ = torch.NewDisposeScope()
    let random = Xoshiro256StarStar seed
    let patients, modalities = 1 + random.Next 5, 1 + random.Next 4
    use generator = Seed(uint64 seed).ToGenerator()

    use graph =
        new PatientModalityGraph(modalities, width, layers, normalise, generator)

    let mask =
        Array.init patients (fun _ -> Array.init modalities (fun _ -> random.NextDouble() < 0.6))

    let z =
        Array.init patients (fun _ ->
            Array.init modalities (fun _ -> Array.init width (fun _ -> 2.0 * random.NextDouble() - 1.0)))

    let weights =
        Array.init patients (fun i ->
            Array.init modalities (fun m -> if mask[i][m] then 0.1 + random.NextDouble() else 0.0))

    let maskTensor =
        floats [ patients; modalities ] (Seq.map (fun o -> if o then 1.0 else 0.0) (Seq.concat mask))

    let batch =
        Batch(Values = [||], Mask = maskTensor, Patterns = Batch.PatternsOf maskTensor)

    let reliability =
        if weighted then
            floats [ patients; modalities ] (Seq.concat weights)
        else
            null

    let actual =
        graph.forward (
            floats [ patients; modalities; width ] (Seq.concat (Seq.concat z)),
            maskTensor,
            batch,
            0.0,
            reliability
        )

    let expected =
        bruteForce (graph.state_dict ()) layers normalise z mask (fun i m ->
            if weighted then weights[i][m] else 1.0)

    Array.iter2
        (Array.iter2 (fun a e -> Expect.isLessThan (abs (a - e)) 1e-5 "a node's entry"))
        (rowsOf actual)
        expected

[<Tests>]
let tests =
    testSequenced
    <| testList "patient-modality graph" [
        for layers in 1..3 do
            for normalise in [ false; true ] do
                testProperty $"{layers} layers, normalise = {normalise}: as loops over edges"
                <| agreesWithLoops layers normalise false

        testProperty "weighted messages to patients: as loops over edges"
        <| agreesWithLoops 2 false true
    ]
