/// Networks in plain arrays, to be computed again from their weights, and three patients to compute them for.
module CausalDebiasing.Tests.Support.UnrolledNetworks

open System
open TorchSharp
open CausalDebiasing.Catalogue
open CausalDebiasing.Cohorts
open CausalDebiasing.Networks
open CausalDebiasing.Predictors
open CausalDebiasing.Tests.Support.Tensors

/// Two modalities of three and two features.
let modalities: Modality[] = [| Modality.Tabular("a", 3); Modality.Tabular("b", 2) |]

/// Three patients: one with both modalities, one with each alone.
let mask = [ [ 1.; 1. ]; [ 1.; 0. ]; [ 0.; 1. ] ]

/// Values [modality][patient][feature].
let inputs = [
    [ [ 0.5; -1.; 2. ]; [ 0.3; 0.1; -0.7 ]; [ 0.; 0.; 0. ] ]
    [ [ 1.5; -0.2 ]; [ 0.; 0. ]; [ -0.4; 0.9 ] ]
]

/// The three patients as a cohort, with the given outcomes.
let cohort (labels: float32[]) =
    Cohort(
        modalities,
        [|
            for values in inputs ->
                [|
                    for row in values do
                        for value in row -> float32 value
                |]
        |],
        [|
            for row in mask do
                for o in row -> o > 0.
        |],
        labels,
        [| 0; 0; 0 |],
        [| "a" |],
        [| 1L; 2L; 3L |]
    )

/// A backbone of these modalities with the defaults of a baseline, save the given hyper-parameters.
let backbone (id: string) overrides (create: BackboneContext -> 'backbone) =
    use random = generator 3
    let values = Hyperparameters(Toy.catalog.Find(id).Hyperparameters, overrides)
    create (BackboneContext(modalities, values, random))

/// The three patients as a batch to predict.
let batch () =
    Batches.rows mask (inputs |> List.map Batches.matrix)

/// A network's parameters by name, as rows of numbers.
let weights (network: torch.nn.Module) =
    Map [
        for struct (name, value) in network.named_parameters () do
            name, Array.chunkBySize (int (value.size (int (value.dim ()) - 1))) (Batches.numbers value)
    ]

/// Pre-trains on the three patients with the given outcomes.
let pretrainOn labels (network: Backbone) =
    use rows = new TensorCohort(cohort labels, true)
    network.Pretrain(TrainingRows(rows, FitContext(Seed = Toy.seed 0), Diagnostics.Stopwatch()))

/// Pre-trains on the three patients.
let pretrain network = pretrainOn [| 0f; 1f; 1f |] network

/// A backbone's features [row][column] of the batch after pre-training, and its weights by name as rows of numbers.
let featuresAndWeights (id: string) overrides (create: BackboneContext -> Backbone) =
    use _ = torch.NewDisposeScope()
    use network = backbone id overrides create
    pretrain network
    let features = Batches.numbers (network.Represent(batch ()).Features)
    Array.chunkBySize (int network.Width) features, weights network

/// W x + b.
let linear (weights: Map<string, float[][]>) name (x: float[]) =
    let bias = Array.concat weights[$"{name}.bias"]
    Array.mapi (fun i row -> bias[i] + Array.sum (Array.map2 (*) row x)) weights[$"{name}.weight"]

/// max(0, x).
let relu = Array.map (max 0.)

/// Linear, ReLU, Linear.
let perceptron weights name =
    linear weights $"{name}.0" >> relu >> linear weights $"{name}.2"

/// The modality's vector from a bank of encoders; zeros where it is missing.
let encodeBy bank weights row m =
    linear weights $"{bank}.encoders.{m}.hidden" (List.toArray (inputs[m][row]))
    |> relu
    |> linear weights $"{bank}.encoders.{m}.output"
    |> Array.map ((*) (mask[row][m]))

/// The modality's vector; zeros where it is missing.
let encode weights row m = encodeBy "encoders" weights row m

/// Layer normalisation.
let normalise (weights: Map<string, float[][]>) name (x: float[]) =
    let mean = Array.average x
    let variance = x |> Array.averageBy (fun v -> (v - mean) ** 2.)

    let scale, shift =
        Array.concat weights[$"{name}.weight"], Array.concat weights[$"{name}.bias"]

    x
    |> Array.mapi (fun i v -> scale[i] * (v - mean) / sqrt (variance + 1e-5) + shift[i])

/// One pre-norm Transformer layer over the tokens of a row, of which only the observed ones are attended to.
let transform weights name (observed: float list) (tokens: float[] list) =
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

/// Agreement of features with the same computed for every row.
let agree (actual: float[][]) (expected: int -> float[]) =
    for row in 0..2 do
        close (List.ofArray (actual[row])) (List.ofArray (expected row)) $"row {row}"
