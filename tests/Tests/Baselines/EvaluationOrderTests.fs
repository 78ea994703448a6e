module CausalDebiasing.Tests.Baselines.EvaluationOrderTests

open System
open Expecto
open MathNet.Numerics
open MathNet.Numerics.Random
open CausalDebiasing.Metrics
open CausalDebiasing.Catalogue
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support

/// Classes that overlap, so that AUROC can move, and more than two evaluation batches.
let private train, private validation, private test =
    let toy rows seed =
        Toy.cohort {
            Toy.standard with
                Rows = rows
                Shift = 0.5
                Seed = seed
        }

    toy 800 1, toy 400 2, toy 1400 3

let private aurocInOrder (predictor: IPredictor) (order: int[]) =
    let shuffled = test.Select order
    Auroc.Compute(shuffled.Labels, ReadOnlySpan(predictor.PredictProbability shuffled))

/// The most that the order in which patients are evaluated may move a graph method's AUROC.
let private bound = 0.01

[<Tests>]
let tests =
    Trained.tests "evaluation order" [
        for baseline in Toy.catalog do
            if baseline.Info.Family = BaselineFamily.Graph then
                testCase $"{baseline.Info.Id}: AUROC hardly depends on it"
                <| fun () ->
                    use predictor = baseline.Create()
                    predictor.Fit(train, validation, Toy.context 5)

                    let aurocs = [
                        for shuffle in 1..5 ->
                            let random = Xoshiro256StarStar(Seed(9UL).Derive("order", shuffle).ToInt32())
                            aurocInOrder predictor (Combinatorics.GeneratePermutation(test.Count, random))
                    ]

                    let spread = List.max aurocs - List.min aurocs

                    let found =
                        $"AUROC %.3f{List.average aurocs}, spread %.5f{spread} over 5 orders of {test.Count} patients"

                    printfn $"{baseline.Info.Id}: {found}"
                    Expect.isGreaterThan (List.min aurocs) 0.7 found
                    Expect.isLessThan spread bound found
    ]
