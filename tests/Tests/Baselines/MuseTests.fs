module CausalDebiasing.Tests.Baselines.MuseTests

open System
open System.Collections.Generic
open Expecto
open FsCheck
open MathNet.Numerics.Random
open TorchSharp
open CausalDebiasing.Catalogue
open CausalDebiasing.Baselines
open CausalDebiasing.Cohorts
open CausalDebiasing.Metrics
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.Gradients

let private temperature = 0.07

/// Two views of n rows as unit vectors, labels and row weights (some zero).
let private draw seed =
    let random = Xoshiro256StarStar(seed: int)
    let n, d = 1 + random.Next 6, 3

    let unit () =
        let v = Array.init d (fun _ -> random.NextDouble() - 0.5)
        let norm = sqrt (Array.sumBy (fun x -> x * x) v)
        Array.map (fun x -> x / norm) v

    let vectors = fun () -> Array.init n (fun _ -> unit ())
    let labels = Array.init n (fun _ -> float (random.Next 2))

    let weights =
        Array.init n (fun i ->
            if i > 0 && random.Next 3 = 0 then
                0.0
            else
                0.5 + random.NextDouble())

    vectors (), vectors (), labels, weights

let private matrix (rows: float[][]) =
    tensor [ rows.Length; rows[0].Length ] (Array.concat rows)

let private score (a: float[]) (b: float[]) =
    Array.sum (Array.map2 (*) a b) / temperature

let private instance (u: float[][]) (v: float[][]) (w: float[]) =
    let n = u.Length

    let towards (from: float[][]) (target: float[][]) =
        List.sum [
            for i in 0 .. n - 1 ->
                let others = List.sum [ for j in 0 .. n - 1 -> exp (score from[i] target[j]) ]
                -w[i] * log (exp (score from[i] target[i]) / others)
        ]
        / Array.sum w

    (towards u v + towards v u) / 2.0

let private supervised (u: float[][]) (v: float[][]) (y: float[]) (w: float[]) =
    let n = u.Length

    let pairs (a: float[][]) (b: float[][]) =
        let mutable loss, total = 0.0, 0.0

        for i in 0 .. n - 1 do
            for j in 0 .. n - 1 do
                let p = sigmoid (score a[i] b[j])
                loss <- loss - w[i] * w[j] * log (if y[i] = y[j] then p else 1.0 - p)
                total <- total + w[i] * w[j]

        loss / total

    (2.0 * pairs u u + pairs u v + pairs v u) / 4.0

let private train, private validation, private test =
    Toy.draws { Toy.standard with Rows = 400 }

let private predictions (share: float) (train: Cohort) =
    let overrides = Dictionary(dict [ "unlabelled", share ])
    use predictor = Toy.catalog.Find("muse").Create overrides
    predictor.Fit(train, validation, Toy.context 3)
    predictor.PredictProbability test

let private flipped =
    train.WithLabels(Array.map (fun y -> 1f - y) (train.Labels.ToArray()))

[<Tests>]
let tests =
    Trained.tests "muse losses" [
        testProperty "InfoNCE: as loops"
        <| fun (NonNegativeInt seed) ->
            use _ = torch.NewDisposeScope()
            let u, v, _, w = draw seed
            let ones = Array.create u.Length 1.0

            let value weights =
                ContrastiveLosses.Instance(matrix u, matrix v, temperature, weights).ToDouble()

            Expect.floatClose Accuracy.high (value null) (instance u v ones) "equal weights"
            Expect.floatClose Accuracy.high (value (tensor [ w.Length ] w)) (instance u v w) "weighted"

        testProperty "supervised contrast: as loops over pairs"
        <| fun (NonNegativeInt seed) ->
            use _ = torch.NewDisposeScope()
            let u, v, y, w = draw seed
            let ones = Array.create u.Length 1.0

            let value weights =
                ContrastiveLosses
                    .Supervised(matrix u, matrix v, tensor [ y.Length ] y, temperature, weights)
                    .ToDouble()

            Expect.floatClose Accuracy.medium (value null) (supervised u v y ones) "equal weights"
            Expect.floatClose Accuracy.medium (value (tensor [ w.Length ] w)) (supervised u v y w) "weighted"

        testCase "a batch without outcomes has no supervised contrast"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            let u = matrix [| [| 1.0; 0.0 |]; [| 0.0; 1.0 |] |]
            let none = tensor [ 2 ] [| 0.0; 0.0 |]
            Expect.equal (ContrastiveLosses.Supervised(u, u, none, temperature, none).ToDouble()) 0.0 "zero"

        testCase "no withheld outcome reaches the network"
        <| fun () ->
            Expect.equal
                (predictions 1.0 flipped)
                (predictions 1.0 train)
                "all withheld: outcomes do not matter"

        testCase "half of the outcomes are enough for a separable toy"
        <| fun () ->
            let probabilities = predictions 0.5 train
            Expect.isGreaterThan (Auroc.Compute(test.Labels, ReadOnlySpan probabilities)) 0.9 "AUROC"
            Expect.notEqual probabilities (predictions 0.0 train) "some are withheld"
    ]
