/// The networks without a method of their own, each computed again in arrays from its weights.
module CausalDebiasing.Tests.Baselines.BasicNetworksTests

open Expecto
open CausalDebiasing.Baselines
open CausalDebiasing.Networks
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.UnrolledNetworks

[<Tests>]
let tests =
    Trained.tests "basic networks" [
        for id, create in
            [
                "zero-fill-mlp", (fun context -> new ZeroFillMlp(context) :> Backbone)
                "modality-dropout-mlp", (fun context -> new ModalityDropoutMlp(context))
            ] do
            testCase $"{id}: encoders, zeros where missing, concatenation, perceptron"
            <| fun () ->
                let actual, weights = featuresAndWeights id null create

                agree actual (fun row ->
                    Array.append (encode weights row 0) (encode weights row 1)
                    |> perceptron weights "fusion.layers"
                    |> relu)

        testCase "mask-concat-mlp: the mask stands behind the vectors"
        <| fun () ->
            let actual, weights =
                featuresAndWeights "mask-concat-mlp" null (fun context -> new MaskConcatMlp(context))

            agree actual (fun row ->
                Array.concat [ encode weights row 0; encode weights row 1; List.toArray (mask[row]) ]
                |> perceptron weights "fusion.layers"
                |> relu)

        testCase "mt: two layers of masked attention, mean over what is observed"
        <| fun () ->
            let actual, weights =
                featuresAndWeights "mt" null (fun context -> new MultimodalTransformer(context))

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
