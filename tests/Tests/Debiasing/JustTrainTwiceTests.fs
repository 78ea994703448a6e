module CausalDebiasing.Tests.Debiasing.JustTrainTwiceTests

open Expecto
open CausalDebiasing
open CausalDebiasing.Cohorts
open CausalDebiasing.Debiasing
open CausalDebiasing.Predictors
open CausalDebiasing.Training
open CausalDebiasing.Tests.Support

[<Tests>]
let tests =
    Trained.tests "just train twice" [
        testCase "errors weigh four times as much, and the mean weight is 1"
        <| fun () ->
            // Weights 4, 1, 1 have mean 2.
            Expect.equal (JustTrainTwice.Weights [| true; false; false |]) [| 2f; 0.5f; 0.5f |] "weights"

        testCase "the second fit weighs the rows that the first got wrong"
        <| fun () ->
            let train, validation, _ = Toy.draws { Toy.standard with Rows = 100 }
            let constant = ToyPredictor.Constant(false, 0.2f)
            let wrapped = CausalDebias.Wrap(constant, DebiasOptions.Presets["jtt"])
            wrapped.Fit(train, validation, Toy.context 1)

            // Half of the rows are positive and misclassified: weights 4 and 1 over their mean 2.5.
            match constant.Fits |> List.map _.SampleWeights with
            | [ null; weights ] ->
                let expected =
                    train.Labels.ToArray() |> Array.map (fun y -> if y > 0f then 1.6f else 0.4f)

                Expect.sequenceEqual (nonNull weights) expected "weights"
            | fits -> failtest $"{fits.Length} fits"

            Expect.equal wrapped.Diagnostics["jtt.errors"] "0.500" "share of errors"

        testCase "weights that are given count in both fits"
        <| fun () ->
            let train, validation, _ = Toy.draws { Toy.standard with Rows = 100 }
            let constant = ToyPredictor.Constant(false, 0.2f)
            let given = Array.init train.Count (fun row -> float32 (1 + row % 3))

            CausalDebias
                .Wrap(constant, DebiasOptions.Presets["jtt"])
                .Fit(train, validation, FitContext(Seed = Toy.seed 0, SampleWeights = given))

            match constant.Fits |> List.map _.SampleWeights with
            | [ first; second ] ->
                Expect.sequenceEqual (nonNull first) given "first"

                let expected =
                    Array.map2 (fun w y -> w * (if y > 0f then 1.6f else 0.4f)) given (train.Labels.ToArray())

                Expect.sequenceEqual (nonNull second) expected "second"
            | fits -> failtest $"{fits.Length} fits"

        testCase "the first network trains for a fifth of the epochs"
        <| fun () ->
            let train, validation, _ = Toy.draws { Toy.standard with Rows = 100 }

            match Toy.create "zero-fill-mlp" with
            | :? NeuralPredictor as neural ->
                use first = JustTrainTwice.Identification neural
                let epochs = ResizeArray<int>()

                first.Fit(
                    train,
                    validation,
                    FitContext(Seed = Toy.seed 0, Progress = fun report -> epochs.Add report.Epoch)
                )

                Expect.equal (List.ofSeq epochs) [ 1..4 ] "4 of 20"
            | other -> failtest $"{other.Name} is no network"
    ]
