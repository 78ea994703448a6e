module CausalDebiasing.Tests.Baselines.SharedFactorModelTests

open Expecto
open MathNet.Numerics.Distributions
open MathNet.Numerics.LinearAlgebra
open MathNet.Numerics.Random
open TorchSharp
open CausalDebiasing.Baselines
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support

let private modalities = 3
let private width = 4
let private factors = 2

type private Parameters = {
    Loadings: Matrix<float>[]
    Means: Vector<float>[]
    Variances: float[]
}

let private vector (values: float seq) =
    Vector<float>.Build.DenseOfEnumerable values

let private matrix rows columns entry =
    Matrix<float>.Build.Dense(rows, columns, System.Func<int, int, float>(entry))

let private diagonal (values: float seq) =
    Matrix<float>.Build.DiagonalOfDiagonalVector(vector values)

let private tensor (shape: int64 list) (values: float seq) =
    torch.tensor(Seq.toArray values, dtype = torch.float64).reshape(List.toArray shape)

let private read (model: SharedFactorModel) =
    let loadings = Batches.numbers model.Loadings
    let means = Batches.numbers model.Means

    {
        Loadings = [|
            for m in 0 .. modalities - 1 ->
                matrix width factors (fun i j -> loadings[(m * width + i) * factors + j])
        |]
        Means = [|
            for m in 0 .. modalities - 1 -> vector means[m * width .. (m + 1) * width - 1]
        |]
        Variances = Batches.numbers model.Variances
    }

/// Loadings, mean and covariance of the vectors of some modalities, one under the other.
let private joint parameters (observed: int list) =
    let loadings =
        observed
        |> List.map (fun m -> parameters.Loadings[m])
        |> List.reduce (fun upper lower -> upper.Stack lower)

    let mean = observed |> Seq.collect (fun m -> parameters.Means[m]) |> vector

    let noise =
        observed
        |> Seq.collect (fun m -> Seq.replicate width parameters.Variances[m])
        |> diagonal

    loadings, mean, loadings * loadings.Transpose() + noise

let private observedOf (mask: float[]) =
    [ 0 .. modalities - 1 ] |> List.filter (fun m -> mask[m] > 0.5)

let private stacked observed (row: float[][]) =
    observed |> Seq.collect (fun m -> row[m]) |> vector

/// sum over rows of log N(observed vectors; mean, covariance), by Cholesky factors of the whole covariance.
let private logLikelihood parameters (rows: float[][][]) (masks: float[][]) =
    Seq.zip rows masks
    |> Seq.sumBy (fun (row, mask) ->
        let observed = observedOf mask
        let _, mean, covariance = joint parameters observed
        let residual = stacked observed row - mean
        let factor = covariance.Cholesky()

        -0.5
        * (float residual.Count * log (2.0 * System.Math.PI)
           + factor.DeterminantLn
           + residual * factor.Solve residual))

let private truth = {
    Loadings = [|
        for m in 0 .. modalities - 1 ->
            matrix width factors (fun i j -> sin (float (1 + 7 * m + 3 * i + 5 * j)))
    |]
    Means = [|
        for m in 0 .. modalities - 1 -> vector [ for i in 0 .. width - 1 -> float (m - i) / 3.0 ]
    |]
    Variances = [| 0.25; 0.64; 0.09 |]
}

let private simulate n =
    let random = Xoshiro256StarStar 11
    let normal () = Normal.Sample(random, 0.0, 1.0)

    let masks =
        Array.init n (fun row ->
            let mask =
                Array.init modalities (fun _ -> if random.NextDouble() < 0.6 then 1.0 else 0.0)

            if Array.sum mask = 0.0 then
                mask[row % modalities] <- 1.0

            mask)

    let rows =
        Array.init n (fun _ ->
            let b = vector [ for _ in 1..factors -> normal () ]

            Array.init modalities (fun m ->
                let noise = sqrt truth.Variances[m]
                let z = truth.Loadings[m] * b + truth.Means[m]
                z.Map(fun value -> value + noise * normal ()).ToArray()))

    rows, masks

let private tensors (rows: float[][][]) (masks: float[][]) =
    let hidden =
        Array.map2 (fun row mask -> Array.map2 (fun z o -> Array.map ((*) o) z) row mask) rows masks

    tensor [ int64 rows.Length; int64 modalities; int64 width ] (Seq.concat (Seq.concat hidden)),
    tensor [ int64 rows.Length; int64 modalities ] (Seq.concat masks)

let private model () =
    new SharedFactorModel(modalities, width, factors, (Seed 3UL).ToGenerator())

let private near (expected: float seq) (actual: float seq) message =
    Seq.iter2 (fun a b -> Expect.floatClose Accuracy.high a b message) actual expected

[<Tests>]
let tests =
    testSequenced
    <| testList "shared factor model" [
        testCase "posterior and imputation are those of the joint Gaussian distribution"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            let rows, masks = simulate 40
            let vectors, mask = tensors rows masks
            use model = model ()
            model.Initialise(vectors, mask)
            model.Sweep(vectors, mask)
            let parameters = read model
            let struct (mean, covariance) = model.Posterior(vectors, mask)
            let filled = model.Fill(vectors, mask)

            for i in 0 .. rows.Length - 1 do
                let observed = observedOf masks[i]
                let loadings, center, total = joint parameters observed
                let gain = loadings.Transpose() * total.Inverse()
                let expected = gain * (stacked observed rows[i] - center)
                near expected (Batches.numbers mean[int64 i]) "E[b | observed]"

                near
                    ((diagonal [ 1.0; 1.0 ] - gain * loadings).ToRowMajorArray())
                    (Batches.numbers covariance[int64 i])
                    "Var[b | observed]"

                for m in 0 .. modalities - 1 do
                    let completed = Batches.numbers filled[int64 i, int64 m]

                    if masks[i][m] > 0.5 then
                        near rows.[i].[m] completed "observed vectors stay"
                    else
                        let _, everywhere, whole = joint parameters (m :: observed)
                        let cross = whole.SubMatrix(0, width, width, width * observed.Length)

                        let conditional =
                            everywhere.SubVector(0, width)
                            + cross * total.Inverse() * (stacked observed rows[i] - center)

                        near conditional completed "E[z_m | observed]"

        testCase "the log-likelihood never falls over the sweeps"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            let rows, masks = simulate 120
            let vectors, mask = tensors rows masks
            use model = model ()
            model.Initialise(vectors, mask)

            let course = [
                for _ in 1..25 do
                    model.Sweep(vectors, mask)
                    logLikelihood (read model) rows masks
            ]

            for before, after in List.pairwise course do
                Expect.isGreaterThanOrEqual after (before - 1e-3) "one sweep"

            Expect.isGreaterThan (List.last course) (List.head course + 10.0) "and rises"

        testCase "the noise of every modality is recovered"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            let rows, masks = simulate 600
            let vectors, mask = tensors rows masks
            use model = model ()
            model.Initialise(vectors, mask)

            for _ in 1..150 do
                model.Sweep(vectors, mask)

            for estimate, variance in Seq.zip (read model).Variances truth.Variances do
                Expect.isLessThan (abs (sqrt estimate - sqrt variance)) 0.03 "standard deviation"
    ]
