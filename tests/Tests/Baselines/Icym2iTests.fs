module CausalDebiasing.Tests.Baselines.Icym2iTests

open System
open Expecto
open MathNet.Numerics.Distributions
open MathNet.Numerics.Random
open CausalDebiasing
open CausalDebiasing.Baselines
open CausalDebiasing.Cohorts
open CausalDebiasing.Debiasing
open CausalDebiasing.Predictors
open CausalDebiasing.Tests.Support

let private observing x = Gradients.sigmoid (0.5 + 1.2 * x)

/// Age is always observed; labs are observed with a probability that depends on age.
let private cohort =
    let random = Xoshiro256StarStar 21
    let n = 6000
    let age = Array.init n (fun _ -> Normal.Sample(random, 0.0, 1.0))

    Cohort(
        [| Modality.Tabular("age", 1); Modality.Tabular("labs", 1) |],
        [|
            Array.map float32 age
            Array.init n (fun _ -> float32 (Normal.Sample(random, 0.0, 1.0)))
        |],
        [|
            for x in age do
                true
                random.NextDouble() < observing x
        |],
        [|
            for x in age -> if random.NextDouble() < Gradients.sigmoid x then 1f else 0f
        |],
        Array.zeroCreate n,
        [| "only" |],
        Array.init n int64
    )

let private age = [| for row in 0 .. cohort.Count - 1 -> float (cohort.Row(0, row).[0]) |]

let private rows pattern =
    [ 0 .. cohort.Count - 1 ]
    |> List.filter (fun row -> cohort.Pattern row = pattern)

[<Tests>]
let tests =
    Trained.tests "icym2i" [
        testCase "weights are P(r) / P(r | x) where the propensity is known"
        <| fun () ->
            let weights = PatternPropensity.Weights cohort

            for pattern, propensity in [ 3, observing; 1, (fun x -> 1.0 - observing x) ] do
                let members = rows pattern
                let share = float members.Length / float cohort.Count

                // Away from the truncated tails.
                for row in members |> List.filter (fun row -> abs age[row] < 1.0) do
                    let known = share / propensity age[row]
                    Expect.isLessThan (abs (float weights[row] / known - 1.0)) 0.15 "a row's weight"

        testCase "weighting balances the covariate between patterns"
        <| fun () ->
            let weights = PatternPropensity.Weights cohort

            for pattern in [ 1; 3 ] do
                let members = rows pattern
                let raw = members |> List.averageBy (fun row -> age[row])

                let weighted =
                    List.sumBy (fun row -> float weights[row] * age[row]) members
                    / List.sumBy (fun row -> float weights[row]) members

                Expect.isGreaterThan (abs raw) 0.25 "imbalanced"
                Expect.isLessThan (abs weighted) 0.1 "and no longer"

        testCase "the network is the zero-fill MLP fitted with these weights"
        <| fun () ->
            let train, validation, test = Toy.draws { Toy.standard with Rows = 200 }
            use weighted = Toy.create "icym2i"
            weighted.Fit(train, validation, Toy.context 5)
            use plain = Toy.create "zero-fill-mlp"
            let weights = PatternPropensity.Weights train
            plain.Fit(train, validation, FitContext(Seed = Toy.seed 5, SampleWeights = weights))

            Expect.equal
                (weighted.PredictProbability test)
                (plain.PredictProbability test)
                "the same probabilities"

        testCase "given weights are multiplied with its own"
        <| fun () ->
            let train, validation, test = Toy.draws { Toy.standard with Rows = 200 }
            let given = [| for row in 0 .. train.Count - 1 -> if row % 3 = 0 then 2f else 0.5f |]

            let fitted id weights =
                use predictor: IPredictor = Toy.create id

                predictor.Fit(train, validation, FitContext(Seed = Toy.seed 5, SampleWeights = weights))

                predictor.PredictProbability test

            Expect.equal
                (fitted "icym2i" given)
                (fitted "zero-fill-mlp" (Array.map2 (*) (PatternPropensity.Weights train) given))
                "the product"

        testCase "wrapping debiases the network inside"
        <| fun () ->
            let train, validation, _ = Toy.draws { Toy.standard with Rows = 100 }

            use wrapped =
                CausalDebias.Wrap(Toy.create "icym2i", DebiasOptions(Adjustment = PatternAdjustment.Exact))

            wrapped.Fit(train, validation, Toy.context 1)
            use plain = Toy.create "icym2i" :?> Icym2i
            plain.Fit(train, validation, Toy.context 1)

            match wrapped.Inner with
            | :? Icym2i as inside ->
                Expect.isGreaterThan inside.Network.ParameterCount plain.Network.ParameterCount "another head"
            | other -> failtest $"wrapped a {other.GetType().Name}"
    ]
