module CausalDebiasing.Tests.Baselines.FinTests

open Expecto
open TorchSharp
open TorchSharp.Modules
open CausalDebiasing.Baselines
open CausalDebiasing.Baselines.Shared
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support

let private modalities = 3
let private width = 2
let private hidden = width

let private translators () =
    new FeatureTranslators(modalities, width, (Seed 5UL).ToGenerator())

/// T_{j->m}(z), from the stored weights in plain loops.
let private translate (model: FeatureTranslators) j m (z: float[]) =
    let weight i (index: int list) =
        let all = model.state_dict().[$"weights{i}"]
        (List.fold (fun (part: torch.Tensor) k -> part.select (0L, int64 k)) all index).ToDouble()

    let layer = [|
        for h in 0 .. hidden - 1 ->
            let column = m * hidden + h

            [ for d in 0 .. width - 1 -> z[d] * weight 0 [ j; d; column ] ]
            |> List.sum
            |> fun sum -> max 0.0 (sum + weight 1 [ j; 0; column ])
    |]

    let pair = j * modalities + m

    [|
        for d in 0 .. width - 1 ->
            Seq.sum [ for h in 0 .. hidden - 1 -> layer[h] * weight 2 [ pair; h; d ] ]
            + weight 3 [ pair; 0; d ]
    |]

let private rows = [|
    [| [| 1.0; -0.5 |]; [| 0.3; 0.8 |]; [| 0.0; 0.0 |] |]
    [| [| 0.0; 0.0 |]; [| -1.2; 0.4 |]; [| 0.7; 0.7 |] |]
    [| [| 0.6; 0.1 |]; [| -0.2; 0.9 |]; [| 1.5; -1.0 |] |]
|]

let private masks = [| [| 1.0; 1.0; 0.0 |]; [| 0.0; 1.0; 1.0 |]; [| 1.0; 1.0; 1.0 |] |]

let private tensors () =
    torch
        .tensor(
            [|
                for row in rows do
                    for z in row do
                        for value in z -> float32 value
            |]
        )
        .reshape(int64 rows.Length, int64 modalities, int64 width),
    Batches.matrix [ for mask in masks -> List.ofArray mask ]

let private filled (model: FeatureTranslators) =
    let vectors, mask = tensors ()
    Batches.numbers (model.Fill(vectors, mask))

let private agree (actual: float seq) (expected: float seq) message =
    Seq.iter2 (fun a b -> Expect.isLessThan (abs (a - b)) 1e-5 message) actual expected

let private round server (sizes: int list) train =
    FederatedAveraging.Round(
        [| server |],
        List.toArray sizes,
        System.Action<int, Parameter[]>(fun client local -> train client local[0])
    )

let private set (parameter: Parameter) (value: float) =
    use _ = torch.no_grad ()
    parameter.fill_ (value.ToScalar()) |> ignore

[<Tests>]
let tests =
    testSequenced
    <| testList "fin" [
        testCase "a missing vector is the mean of the translations of the observed ones"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            use model = translators ()

            let expected = [
                for row, mask in Seq.zip rows masks do
                    for m in 0 .. modalities - 1 do
                        if mask[m] > 0.5 then
                            yield! row[m]
                        else
                            let sources = [ 0 .. modalities - 1 ] |> List.filter (fun j -> mask[j] > 0.5)

                            yield!
                                sources
                                |> List.map (fun j -> translate model j m row[j])
                                |> List.reduce (Array.map2 (+))
                                |> Array.map (fun sum -> sum / float sources.Length)
            ]

            agree (filled model) expected "filled vectors"

        testCase "the translators' loss covers pairs that are both observed, and no others"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            use model = translators ()

            let errors = [
                for row, mask in Seq.zip rows masks do
                    for j in 0 .. modalities - 1 do
                        for m in 0 .. modalities - 1 do
                            if j <> m && mask[j] * mask[m] > 0.5 then
                                Seq.averageBy
                                    (fun (a, b) -> (a - b) ** 2.0)
                                    (Seq.zip (translate model j m row[j]) row[m])
            ]

            Expect.floatClose
                Accuracy.medium
                (model.Loss(tensors ()).ToDouble())
                (List.average errors)
                "mean over pairs"

        testCase "clients that are equal give what one of them gives alone"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            let vectors, mask = tensors ()
            use alone = translators ()
            use before = translators ()
            use federated = translators ()
            let own = [| 0L; 1L; 2L |]

            for _ in 1..5 do
                alone.Train(vectors, mask, [| own |])
                federated.Train(vectors, mask, [| own; own; own |])

            agree (filled federated) (filled alone) "the same translators"

            Expect.isLessThan
                (alone.Loss(vectors, mask).ToDouble())
                (0.95 * before.Loss(vectors, mask).ToDouble())
                "which have learned"

        testCase "clients start from the server's weights and count by their rows"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            let server = torch.tensor [| 2f |]

            round server [ 1; 3 ] (fun client local ->
                Expect.equal (local.ToDouble()) 2.0 "the server's weights"
                set local (if client = 0 then 4.0 else 8.0))

            Expect.equal (server.ToDouble()) 7.0 "(1 * 4 + 3 * 8) / 4"

        testCase "one local step of all clients is a step on the pooled rows"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            let data = [ [ 1.0; 2.0 ]; [ 3.0; 4.0; 5.0; 6.0 ] ]
            let rate, start = 0.1, 0.5
            // Squared error of a constant w: the gradient is 2 (w - mean).
            let step w rows =
                w - rate * 2.0 * (w - List.average rows)

            let server = torch.tensor [| float32 start |]

            round server (data |> List.map List.length) (fun client local ->
                set local (step (local.ToDouble()) data[client]))

            Expect.floatClose Accuracy.medium (server.ToDouble()) (step start (List.concat data)) "pooled"

        testCase "every site is a client"
        <| fun () ->
            Expect.equal
                (FinFederated.BySite [| 2L; 0L; 2L; 0L; 0L |] |> Seq.toList)
                [ [| 1L; 3L; 4L |]; [| 0L; 2L |] ]
                "rows by site"
    ]
