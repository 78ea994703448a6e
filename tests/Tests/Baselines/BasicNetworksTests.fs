/// The networks without a method of their own, each computed again in arrays from its weights.
module CausalDebiasing.Tests.Baselines.BasicNetworksTests

open Expecto
open TorchSharp
open CausalDebiasing.Baselines
open CausalDebiasing.Cohorts
open CausalDebiasing.Predictors
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.Tensors

let private modalities: Modality[] = [| Modality.Tabular("a", 3); Modality.Tabular("b", 2) |]

let private mask = [ [ 1.; 1. ]; [ 1.; 0. ]; [ 0.; 1. ] ]

let private inputs = [
    [ [ 0.5; -1.; 2. ]; [ 0.3; 0.1; -0.7 ]; [ 0.; 0.; 0. ] ]
    [ [ 1.5; -0.2 ]; [ 0.; 0. ]; [ -0.4; 0.9 ] ]
]

/// A backbone's features [row][column] of the batch, and its weights by name as rows of numbers.
let private featuresAndWeights (id: string) (create: BackboneContext -> Backbone) =
    use _ = torch.NewDisposeScope()
    use random = generator 3
    let defaults = Hyperparameters(Toy.catalog.Find(id).Hyperparameters)
    use backbone = create (BackboneContext(modalities, defaults, random))
    let batch = Batches.rows mask (inputs |> List.map Batches.matrix)
    let features = Batches.numbers (backbone.Represent(batch).Features)

    let weights =
        Map [
            for struct (name, value) in backbone.named_parameters () do
                let numbers = Batches.numbers value
                name, Array.chunkBySize (int (value.size (int (value.dim ()) - 1))) numbers
        ]

    Array.chunkBySize (int backbone.Width) features, weights

let private linear (weights: Map<string, float[][]>) name (x: float[]) =
    let bias = Array.concat weights[$"{name}.bias"]
    Array.mapi (fun i row -> bias[i] + Array.sum (Array.map2 (*) row x)) weights[$"{name}.weight"]

let private relu = Array.map (max 0.)

let private perceptron weights name =
    linear weights $"{name}.0" >> relu >> linear weights $"{name}.2"

/// The modality's vector; zeros where it is missing.
let private encode weights row m =
    let z =
        perceptron weights $"encoders.encoders.{m}.layers" (List.toArray (inputs[m][row]))

    z |> Array.map ((*) (mask[row][m]))

let private agree (actual: float[][]) (expected: int -> float[]) =
    for row in 0..2 do
        close (List.ofArray (actual[row])) (List.ofArray (expected row)) $"row {row}"

let private normalise (weights: Map<string, float[][]>) name (x: float[]) =
    let mean = Array.average x
    let variance = x |> Array.averageBy (fun v -> (v - mean) ** 2.)

    let scale, shift =
        Array.concat weights[$"{name}.weight"], Array.concat weights[$"{name}.bias"]

    x
    |> Array.mapi (fun i v -> scale[i] * (v - mean) / sqrt (variance + 1e-5) + shift[i])

/// One pre-norm Transformer layer over the tokens of a row, of which only the observed ones are attended to.
let private transform weights name (observed: float list) (tokens: float[] list) =
    let width = tokens.Head.Length
    let heads = 2
    let size = width / heads

    let parts =
        tokens
        |> List.map (
            normalise weights $"{name}.beforeAttention"
            >> linear weights $"{name}.projections"
        )

    let part which head (all: float[]) =
        let start = which * width + head * size
        all[start .. start + size - 1]

    let mixed (query: float[]) =
        Array.concat [
            for head in 0 .. heads - 1 ->
                let scores =
                    List.map2
                        (fun o key ->
                            let dot = Array.map2 (*) (part 0 head query) (part 1 head key) |> Array.sum
                            if o > 0. then exp (dot / sqrt (float size)) else 0.)
                        observed
                        parts

                [|
                    for i in 0 .. size - 1 ->
                        List.map2 (fun score value -> score * (part 2 head value)[i]) scores parts
                        |> List.sum
                        |> fun total -> total / List.sum scores
                |]
        ]

    List.map2
        (fun token own ->
            let attended = Array.map2 (+) token (linear weights $"{name}.output" (mixed own))

            normalise weights $"{name}.beforeFeedForward" attended
            |> perceptron weights $"{name}.feedForward"
            |> Array.map2 (+) attended)
        tokens
        parts

[<Tests>]
let tests =
    testSequenced
    <| testList "basic networks" [
        for id, create in
            [
                "zero-fill-mlp", (fun context -> new ZeroFillMlp(context) :> Backbone)
                "modality-dropout-mlp", (fun context -> new ModalityDropoutMlp(context))
            ] do
            testCase $"{id}: encoders, zeros where missing, concatenation, perceptron"
            <| fun () ->
                let actual, weights = featuresAndWeights id create

                agree actual (fun row ->
                    Array.append (encode weights row 0) (encode weights row 1)
                    |> perceptron weights "fusion.layers"
                    |> relu)

        testCase "mask-concat-mlp: the mask stands behind the vectors"
        <| fun () ->
            let actual, weights =
                featuresAndWeights "mask-concat-mlp" (fun context -> new MaskConcatMlp(context))

            agree actual (fun row ->
                Array.concat [ encode weights row 0; encode weights row 1; List.toArray (mask[row]) ]
                |> perceptron weights "fusion.layers"
                |> relu)

        testCase "mt: two layers of masked attention, mean over what is observed"
        <| fun () ->
            let actual, weights =
                featuresAndWeights "mt" (fun context -> new MultimodalTransformer(context))

            agree actual (fun row ->
                let tokens = [
                    for m in 0..1 ->
                        Array.map2 (+) (encode weights row m) (weights["types"][m])
                        |> Array.map ((*) (mask[row][m]))
                ]

                let last =
                    tokens
                    |> transform weights "layers.0" (mask[row])
                    |> transform weights "layers.1" (mask[row])

                let shown =
                    List.zip (mask[row]) last |> List.filter (fun (o, _) -> o > 0.) |> List.map snd

                Array.init shown.Head.Length (fun i -> shown |> List.averageBy (fun token -> token[i])))
    ]
