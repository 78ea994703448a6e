namespace CausalDebiasing.Bench.Worlds

open System
open CausalDebiasing.Cohorts
open MathNet.Numerics.LinearAlgebra

/// The Gaussian posterior of S given the observed values and C in an Acquisition world, for one missingness pattern.
/// Its covariance does not depend on the values.
type AcquisitionPosterior = {
    /// Indices of the observed modalities.
    Observed: int[]
    /// 8 x 8 covariance V = (I + A_o'A_o)^-1.
    Covariance: float[]
    /// 8 x 8 factor L with LL' = V.
    Factor: Matrix<float>
    /// 8: A_o'c_o.
    Imprint: float[]
}

module AcquisitionPosterior =
    let private latents = AcquisitionModel.latents

    /// The posterior for a pattern.
    let create model pattern =
        let observed = [|
            for m in 0 .. AcquisitionModel.modalities - 1 do
                if pattern >>> m &&& 1 = 1 then
                    m
        |]

        // Column-major 8 x 16: the transposes of the row-major A_m.
        let transposed =
            observed
            |> Array.map (fun m ->
                Matrix<float>.Build.Dense(latents, AcquisitionModel.features, model.Loadings[m]))

        let precision =
            transposed
            |> Array.fold
                (fun sum a -> sum + a.TransposeAndMultiply a)
                (Matrix<float>.Build.DenseIdentity latents)

        let covariance = precision.Inverse()

        {
            Observed = observed
            Covariance = covariance.ToRowMajorArray()
            Factor = covariance.Cholesky().Factor
            Imprint =
                Array.map2 (fun a m -> a * Vector<float>.Build.Dense model.Imprints[m]) transposed observed
                |> Array.fold (+) (Vector<float>.Build.Dense latents)
                |> _.ToArray()
        }

    /// Fills `projected` with A_o'x_o of a row and returns c_o . x_o.
    let project model posterior (cohort: Cohort) row (projected: float[]) =
        Array.Clear projected
        let mutable imprint = 0.

        for m in posterior.Observed do
            let x = cohort.Row(m, row)
            let loadings = model.Loadings[m]

            for f in 0 .. x.Length - 1 do
                let value = float x[f]
                imprint <- imprint + value * model.Imprints[m][f]

                for j in 0 .. latents - 1 do
                    projected[j] <- projected[j] + loadings[f * latents + j] * value

        imprint

    /// Fills `mean` with the posterior mean given 2C - 1 = c and returns log N(x_o | C) up to what both C share.
    let condition posterior (projected: float[]) imprint c (mean: float[]) =
        let mutable quadratic = 0.

        for i in 0 .. latents - 1 do
            let mutable sum = 0.

            for j in 0 .. latents - 1 do
                sum <-
                    sum
                    + posterior.Covariance[i * latents + j]
                      * (projected[j] - c * posterior.Imprint[j])

            mean[i] <- sum
            quadratic <- quadratic + sum * (projected[i] - c * posterior.Imprint[i])

        c * imprint + quadratic / 2.
