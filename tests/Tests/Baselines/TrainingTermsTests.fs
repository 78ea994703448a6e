/// What published networks learn from besides the outcome: auxiliary losses, drops and pre-training.
module CausalDebiasing.Tests.Baselines.TrainingTermsTests

open System.Collections.Generic
open Expecto
open TorchSharp
open CausalDebiasing.Baselines
open CausalDebiasing.Baselines.Shared
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.Tensors
open CausalDebiasing.Tests.Support.UnrolledNetworks

let private number (tensor: torch.Tensor | null) =
    match tensor with
    | null -> nan
    | tensor -> List.head (values (tensor.detach ()))

[<Tests>]
let tests =
    Trained.tests "training terms" [
        testCase "m3ae-t: two copies of a row with drops of their own, their distance as a loss"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            use network = backbone "m3ae-t" null (fun context -> new M3aeTransformer(context))
            let seen = batch ()

            let distances = [
                for seed in 1..6 ->
                    use random = generator seed
                    use again = generator seed
                    let training = network.Represent(seen |> Batches.inTraining random [ 0.; 1.; 1. ])

                    let under () =
                        network.Represent(seen.Hide(RandomSubsets.DropSome(seen.Mask, again))).Features

                    let one, other = under (), under ()

                    close
                        (values (training.Features.detach ()))
                        (values (one.detach ()))
                        "the first copy predicts"

                    let distance = 0.1 * (number ((one - other).square().mean()))
                    close [ number training.AuxiliaryLoss ] [ distance ] "distillation"
                    distance
            ]

            Expect.isGreaterThan (List.max distances) 1e-4 "the copies differ"

        testCase "muse: the second view lacks edges, projections are unit vectors of tanh"
        <| fun () ->
            use _ = torch.NewDisposeScope()

            use network =
                backbone "muse" (Dictionary(dict [ "dropout", 0. ])) (fun context -> new Muse(context))

            let loss seed =
                use random = generator seed
                let seen = batch () |> Batches.inTraining random [ 0.; 1.; 1. ]
                number (network.Represent seen).AuxiliaryLoss

            Expect.isGreaterThan (List.distinct (List.map loss [ 1..8 ])).Length 1 "views differ"
            let z = float32s [ 1; 2 ] [ 30.; 0.5 ]
            let length = sqrt (1. + tanh 0.5 ** 2.)
            close (values (Muse.Direction z)) [ 1. / length; tanh 0.5 / length ] "direction"

        testCase "flex-moe: incomplete rows, and no others, are tied to their pattern's expert"
        <| fun () ->
            /// Auxiliary loss before and after the patterns have their experts, all else being equal.
            let losses (rows: int list) =
                use _ = torch.NewDisposeScope()
                use network = backbone "flex-moe" null (fun context -> new FlexMoe(context))

                for struct (name, value) in network.named_parameters () do
                    if name = "bank" then
                        value.detach().zero_() |> ignore

                let loss () =
                    use random = generator 6

                    let seen =
                        Batches.rows [ for row in rows -> mask[row] ] [
                            for m in 0..1 -> Batches.matrix [ for row in rows -> inputs[m][row] ]
                        ]

                    number
                        (network.Represent(seen |> Batches.inTraining random [ for _ in rows -> 1. ]))
                            .AuxiliaryLoss

                let before = loss ()
                pretrain network
                before, loss ()

            let before, after = losses [ 1; 2 ]
            Expect.notEqual after before "one modality is missing"
            let before, after = losses [ 0; 0 ]
            Expect.equal after before "complete"

        testCase "modality-dropout-mlp: a row is shown without the modalities that are dropped"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            let overrides = Dictionary(dict [ "drop", 0.6 ])

            use network =
                backbone "modality-dropout-mlp" overrides (fun context -> new ModalityDropoutMlp(context))

            for seed in 1..5 do
                use random = generator seed
                use again = generator seed
                let seen = batch ()
                let training = network.Represent(seen |> Batches.inTraining random [ 0.; 1.; 1. ])

                let shown =
                    seen.Hide(CausalDebiasing.Debiasing.ModalityDrop.Thin(seen.Mask, 0.6, again))

                close
                    (values (training.Features.detach ()))
                    (values (network.Represent(shown).Features.detach()))
                    "features"

        testCase "m3ae-t: pre-training reconstructs observed entries, and only them"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            use network = backbone "m3ae-t" null (fun context -> new M3aeTransformer(context))

            // Decoders that say 0, whatever they see.
            for struct (name, value) in network.named_parameters () do
                if name.EndsWith "decoding" || name.EndsWith "offset" then
                    value.detach().zero_() |> ignore

            use random = generator 4
            let seen = batch () |> Batches.inTraining random [ 0.; 1.; 1. ]

            let content = [|
                for empty in network.Substitutes -> new Modules.Parameter(torch.zeros_like empty)
            |]

            let entries = [
                for m in 0..1 do
                    for row in 0..2 do
                        if mask[row][m] > 0. then
                            yield! inputs[m][row]
            ]

            let mean = entries |> List.averageBy (fun x -> x * x)

            close
                [ number (network.PretrainingLoss(seen, content)) ]
                [ mean ]
                "mean square of what is observed"

        testCase "medfuse: patients without a modality do not teach its encoder"
        <| fun () ->
            let learned (labels: float32[]) =
                use _ = torch.NewDisposeScope()
                use network = backbone "medfuse" null (fun context -> new MedFuse(context))

                pretrainOn labels network

                let weights = weights network

                let encoder m =
                    weights
                    |> Map.filter (fun name _ -> name.StartsWith $"encoders.encoders.{m}.")
                    |> Map.toList

                [
                    for m in 0..1 ->
                        encoder m, weights["unimodal"][m], (Array.concat (weights["unimodalBias"]))[m]
                ]

            // The third patient has the second modality only.
            let before, after = learned [| 0f; 1f; 1f |], learned [| 0f; 1f; 0f |]
            Expect.equal after[0] before[0] "the first modality's"
            Expect.notEqual after[1] before[1] "the second modality's"
    ]
