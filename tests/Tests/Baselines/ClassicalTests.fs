module CausalDebiasing.Tests.Baselines.ClassicalTests

open Expecto
open MathNet.Numerics.LinearAlgebra
open CausalDebiasing.Catalogue
open CausalDebiasing.Baselines.Shared
open CausalDebiasing.Cohorts
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support

let private context = FitContext(Seed = Toy.seed 1)

/// Probabilities under the minimiser of sum_i w_i log loss_i + penalty / 2 |b|^2 (the intercept is free), by Newton's method.
let private newton (rows: float[][]) (labels: float[]) (weights: float[]) penalty =
    let x =
        Matrix<float>.Build.DenseOfRowArrays(rows |> Array.map (Array.append [| 1. |]))

    let transposed = x.Transpose()
    let count = x.ColumnCount

    let ridge =
        Matrix<float>.Build.DenseDiagonal(count, count, fun i -> if i = 0 then 0. else penalty)

    let probabilities (b: Vector<float>) : Vector<float> =
        (x * b).Map(fun logit -> 1. / (1. + exp -logit))

    let step (b: Vector<float>) : Vector<float> =
        let p = probabilities b

        let errors: Vector<float> =
            Vector<float>.Build.Dense(weights.Length, fun i -> weights[i] * (p[i] - labels[i]))

        let curvature: Matrix<float> =
            Matrix<float>
                .Build.DenseDiagonal(weights.Length, weights.Length, fun i -> weights[i] * p[i] * (1. - p[i]))

        let gradient: Vector<float> = transposed * errors + ridge * b
        let hessian: Matrix<float> = transposed * curvature * x + ridge
        b - hessian.Solve gradient

    probabilities (Seq.fold (fun b _ -> step b) (Vector<float>.Build.Dense count) [ 1..30 ])

/// Rows of one modality with a single feature.
let private oneFeature (values: float32[]) (labels: float32[]) =
    let n = values.Length

    Cohort(
        [| Modality.Tabular("x", 1) |],
        [| values |],
        Array.create n true,
        labels,
        Array.zeroCreate n,
        [| "a" |],
        Array.init n int64
    )

[<Tests>]
let tests =
    Trained.tests "classical baselines" [
        testCase "logistic regression is the penalised maximum likelihood"
        <| fun () ->
            let toy = {
                Toy.standard with
                    Rows = 200
                    Shift = 0.4
            }

            let train = Toy.cohort toy
            let weights = Array.init train.Count (fun i -> if i % 3 = 0 then 2f else 0.5f)
            use predictor = Toy.catalog.Find("logistic").Create()
            predictor.Fit(train, train, FitContext(Seed = Toy.seed 1, SampleWeights = weights))

            let features =
                FlatFeatures.Rows(Standardiser.Fit(train).Apply train, 0f, false)
                |> Array.map (Array.map float)

            let expected =
                newton features (Array.map float (train.Labels.ToArray())) (Array.map float weights) 1.

            for p, q in Seq.zip (predictor.PredictProbability train) expected do
                Expect.isLessThan (abs (float p - q)) 2e-3 "probability"

        testCase "features are the values, zeros or NaN for what is missing, counts of codes, and the mask"
        <| fun () ->
            let cohort =
                Cohort(
                    [| Modality.Tabular("labs", 2); Modality.Codes("codes", 3, 2) |],
                    [| [| 1f; 2f; 0f; 0f |]; [| 2f; 1f; 2f; 0f; 0f; 0f |] |],
                    [| true; true; false; true |],
                    [| 0f; 1f |],
                    [| 0; 0 |],
                    [| "a" |],
                    [| 1L; 2L |]
                )

            let rows = FlatFeatures.Rows(cohort, -1f, true)
            Expect.equal rows[0] [| 1f; 2f; 1f; 2f; 1f; 1f |] "labs, counts of codes 1 and 2, mask"
            Expect.equal rows[1] [| -1f; -1f; 0f; 0f; 0f; 1f |] "labs missing"

        testCase "one round of boosting with one split is a Newton step in each leaf"
        <| fun () ->
            // 100 rows on each side, 20 and 70 of them with the outcome.
            let values = Array.init 200 (fun i -> if i < 100 then 0f else 1f)

            let labels =
                Array.init 200 (fun i -> if i < 20 || (i >= 100 && i < 170) then 1f else 0f)

            let cohort = oneFeature values labels

            use predictor =
                Toy.catalog.Find("lightgbm").Create(Map [ "rounds", 1.; "leaves", 2.; "lr", 0.1 ])

            predictor.Fit(cohort, cohort, context)
            let probabilities = predictor.PredictProbability cohort
            let prior = 0.45

            let leaf rate =
                let gradient, curvature = 100. * (prior - rate), 100. * prior * (1. - prior)
                let logit = log (prior / (1. - prior)) - 0.1 * gradient / curvature
                1. / (1. + exp -logit)

            Expect.isLessThan (abs (float probabilities[0] - leaf 0.2)) 1e-3 "left"
            Expect.isLessThan (abs (float probabilities[199] - leaf 0.7)) 1e-3 "right"
    ]
