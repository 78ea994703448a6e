/// Published networks as a whole: the features that predict, computed again in arrays from the weights.
module CausalDebiasing.Tests.Baselines.WholeNetworksTests

open System.Collections.Generic
open Expecto
open TorchSharp
open CausalDebiasing.Baselines
open CausalDebiasing.Baselines.Shared
open CausalDebiasing.Networks
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.Tensors
open CausalDebiasing.Tests.Support.UnrolledNetworks

let private plus = Array.map2 (+)
let private scale (factor: float) = Array.map ((*) factor)
let private softplus x = log (1. + exp x)

/// The mean of the vectors with a 1.
let private meanOver (shown: float list) (vectors: float[] list) =
    List.map2 scale shown vectors |> List.reduce plus |> scale (1. / List.sum shown)

let private isComplete row =
    List.forall (fun o -> o > 0.) (mask[row])

/// M3Care's features of all patients, over loops.
let private m3care isLiteral theta (weights: Map<string, float[][]>) =
    let rows, both = [ 0..2 ], [ 0..1 ]
    let observed i m = mask[i][m]

    let grouped name m (x: float[]) =
        let rows = weights[$"{name}.weight"]
        let width = x.Length

        Array.init rows[0].Length (fun k -> Seq.sum (Seq.mapi (fun i v -> v * rows[m * width + i][k]) x))

    let withBias name m x =
        plus (grouped name m x) (weights[$"{name}.bias"][m])

    let z = [ for m in both -> [ for i in rows -> relu (encode weights i m) ] ]

    let project m x =
        x
        |> withBias "similarity.network.0" m
        |> relu
        |> withBias "similarity.network.2" m
        |> relu
        |> withBias "similarity.network.4" m

    let distance a b =
        Array.map2 (fun x y -> (x - y) ** 2.) a b |> Array.sum

    let kernel m (vectors: float[] list) =
        let having = rows |> List.filter (fun i -> observed i m > 0.)

        let distances = [
            for i in having do
                for j in having do
                    if i <> j then
                        distance (vectors[i]) (vectors[j])
        ]

        let bandwidth =
            if List.average distances < 1e-3 then
                1.
            else
                List.average distances

        fun i j ->
            [ 0.5; 1.; 2. ]
            |> List.averageBy (fun c -> exp (-(distance (vectors[i]) (vectors[j])) / (c * bandwidth)))

    let kernels = [
        for m in both ->
            let share =
                Gradients.sigmoid (Array.item m (Array.concat (weights["similarity.mixing"])))

            let projected = [ for i in rows -> project m (z[m][i]) |> relu |> scale (observed i m) ]

            let deep, flat = kernel m projected, kernel m (z[m])
            fun i j -> ((1. - share) * deep i j + share) * flat i j
    ]

    let similarity i j =
        let shared = both |> List.filter (fun m -> observed i m * observed j m > 0.)

        let k =
            if shared.IsEmpty then
                0.
            else
                shared |> List.averageBy (fun m -> kernels[m] i j)

        if k > Gradients.sigmoid theta then k else 0.

    let convolve name m (input: float[] list) = [
        for i in rows ->
            let heard =
                rows
                |> List.map (fun j -> scale (similarity i j * observed j m) (grouped name m (input[j])))
                |> List.reduce plus

            let hears = if isLiteral then observed i m else 1.
            relu (plus (scale hears heard) (weights[$"{name}.bias"][m]))
    ]

    let completed = [
        for m in both ->
            let graph = z[m] |> convolve "first" m |> convolve "second" m

            [
                for i in rows ->
                    let fromGraph = Gradients.sigmoid (Array.item 0 (withBias "gateGraph" m (graph[i])))
                    let fromOwn = Gradients.sigmoid (Array.item 0 (withBias "gateOwn" m (z[m][i])))
                    let gate = fromGraph / (fromGraph + fromOwn)

                    if observed i m > 0. then
                        plus (scale gate (graph[i])) (scale (1. - gate) (z[m][i]))
                    else
                        graph[i]
            ]
    ]

    fun i ->
        [ for m in both -> plus (completed[m][i]) (weights["types"][m]) ]
        |> transform weights "layers.0" [ 1.; 1. ]
        |> List.map relu
        |> transform weights "layers.1" [ 1.; 1. ]
        |> List.map relu
        |> Array.concat
        |> linear weights "output"
        |> relu

[<Tests>]
let tests =
    Trained.tests "whole networks" [
        testCase "shaspec: shared plus residual of both where observed, mean of the shared elsewhere"
        <| fun () ->
            let actual, weights =
                featuresAndWeights "shaspec" null (fun context -> new ShaSpec(context))

            agree actual (fun row ->
                let common = [
                    for m in 0..1 -> perceptron weights "shared" (encodeBy "stems" weights row m)
                ]

                [
                    for m in 0..1 ->
                        if (mask[row][m]) > 0. then
                            Array.append (common[m]) (encodeBy "specific" weights row m)
                            |> linear weights "composition"
                            |> plus (common[m])
                        else
                            meanOver (mask[row]) common
                ]
                |> Array.concat
                |> perceptron weights "decoder.layers"
                |> relu)

        testCase "drfuse: attention with the mean query over distinct features and the pooled shared ones"
        <| fun () ->
            let actual, weights =
                featuresAndWeights "drfuse" null (fun context -> new DrFuse(context))

            agree actual (fun row ->
                let encoded = List.init 2 (encode weights row)
                let common = encoded |> List.map (perceptron weights "shared")
                let own = encoded |> List.mapi (fun m -> perceptron weights $"distinct.{m}")

                let pooled =
                    common
                    |> List.map (Array.map Gradients.sigmoid)
                    |> meanOver (mask[row])
                    |> Array.map (fun p -> log (p / (1. - p)))

                let tokens = [
                    for m in 0..1 do
                        if (mask[row][m]) > 0. then
                            own[m]
                    pooled
                ]

                let parts = tokens |> List.map (linear weights "attention" >> Array.splitInto 3)

                let query =
                    parts |> List.map (fun part -> part[0]) |> meanOver [ for _ in parts -> 1. ]

                let scores = [
                    for part in parts ->
                        let dot = Array.map2 (*) query (part[2]) |> Array.sum
                        exp (dot / sqrt (float query.Length))
                ]

                List.map2
                    (fun score (part: float[][]) -> scale (score / List.sum scores) (part[1]))
                    scores
                    parts
                |> List.reduce plus)

        testCase "smil: incomplete rows are perturbed in two layers"
        <| fun () ->
            let actual, weights =
                featuresAndWeights "smil" null (fun context -> new Smil(context))

            agree actual (fun row ->
                // Before the first epoch all centroids are 0.
                let observed = Array.concat (List.init 2 (encode weights row))

                let noise name x =
                    linear weights name x |> Array.map softplus

                if isComplete row then
                    observed |> linear weights "fusion" |> relu
                else
                    let fused = plus observed (noise "firstNoise" observed)
                    plus (fused |> linear weights "fusion" |> relu) (noise "secondNoise" fused))

        testCase "mt-prompt: every layer gets the prompts of the row's pattern in front"
        <| fun () ->
            let overrides = Dictionary(dict [ "prompts", 2. ])

            let actual, weights =
                featuresAndWeights "mt-prompt" overrides (fun context -> new MissingAwarePrompts(context))

            // Slot 0 is the complete pattern's; the others follow, equally frequent, in the order of their numbers.
            let prompts row layer = [ for p in 0..1 -> weights["prompts"][(row * 2 + layer) * 2 + p] ]

            agree actual (fun row ->
                let tokens = [
                    for m in 0..1 ->
                        plus (encode weights row m) (weights["types"][m]) |> scale (mask[row][m])
                ]

                let first = prompts row 0 @ tokens
                let afterFirst = transform weights "layers.0" ([ 1.; 1. ] @ mask[row]) first

                prompts row 1 @ afterFirst
                |> transform weights "layers.1" ([ 1.; 1.; 1.; 1. ] @ mask[row])
                |> List.skip 4
                |> meanOver (mask[row]))

        testCase "crl-mmnar: the pattern gates the vectors and is added to what they attend to"
        <| fun () ->
            let actual, weights =
                featuresAndWeights "crl-mmnar" null (fun context -> new MissingnessAwareFusion(context))

            agree actual (fun row ->
                let delta = perceptron weights "pattern.layers" (List.toArray (mask[row])) |> relu

                let gates =
                    linear weights "gates" delta |> Array.map Gradients.sigmoid |> Array.splitInto 2

                let attended =
                    [ for m in 0..1 -> Array.map2 (*) (gates[m]) (encode weights row m) ]
                    |> transform weights "attention" mask[row]
                    |> List.map (plus (linear weights "fromPattern" delta))

                Array.append (meanOver (mask[row]) attended) (List.toArray (mask[row]))
                |> perceptron weights "fusion.layers"
                |> relu)

        for isLiteral, id, create in
            [
                false, "m3care", (fun context -> new M3Care(context) :> Backbone)
                true, "m3care-literal", (fun context -> new M3CareLiteral(context))
            ] do
            testCase $"{id}: similarity, convolutions, gate and attention"
            <| fun () ->
                let theta = -1.5

                let actual, weights =
                    featuresAndWeights id (Dictionary(dict [ "theta", theta ])) create

                agree actual (m3care isLiteral theta weights)

        testCase "grape: the graph with vectors of length 1, then a hidden layer"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            use network = backbone "grape" null (fun context -> new Grape(context))
            use random = generator 1
            let width = int network.Width
            use graph = new PatientModalityGraph(2, width, 2, true, random)

            let own =
                dict [ for struct (name, value) in network.named_parameters () -> name, value ]

            for struct (name, value) in graph.named_parameters () do
                value.detach().copy_ own[$"graph.{name}"] |> ignore

            let weights = weights network
            let seen = batch ()

            let encoded =
                float32s [ 3; 2; width ] [
                    for row in 0..2 do
                        for m in 0..1 do
                            yield! encode weights row m
                ]

            let patients =
                graph.forward (encoded, seen.Mask, seen, 0.)
                |> Batches.numbers
                |> Array.chunkBySize width

            let actual =
                Batches.numbers (network.Represent(seen).Features) |> Array.chunkBySize width

            agree actual (fun row -> relu (linear weights "output" (patients[row])))
    ]
