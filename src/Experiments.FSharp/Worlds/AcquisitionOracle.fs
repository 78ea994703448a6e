namespace CausalDebiasing.Bench.Worlds

open System
open CausalDebiasing.Bench.Shifts
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime
open MathNet.Numerics.LinearAlgebra

/// The Bayes-optimal probability of the outcome in an Acquisition world.
module AcquisitionOracle =
    /// Integration nodes per row and value of C.
    let defaultNodes = 256

    /// The posterior of S for one missingness pattern and the integration nodes in it.
    type private Posterior = {
        /// 8 x 8 covariance (I + A_o'A_o)^-1.
        Covariance: float[]
        /// 8: A_o'c_o.
        Imprint: float[]
        /// nodes x 8 deviations from the posterior mean.
        Deviations: float[]
    }

    let private latents = AcquisitionModel.latents
    let private modalities = AcquisitionModel.modalities

    let private observed pattern = [|
        for m in 0 .. modalities - 1 do
            if pattern >>> m &&& 1 = 1 then
                m
    |]

    let private posterior model (normals: float[]) pattern =
        let precision = Matrix<float>.Build.DenseIdentity latents
        let imprint = Array.zeroCreate<float> latents

        for m in observed pattern do
            let a =
                Matrix<float>.Build.Dense(latents, AcquisitionModel.features, model.Loadings[m])

            a.TransposeAndMultiply(a).Add(precision, precision)

            (a * Vector<float>.Build.Dense model.Imprints[m]).ToArray()
            |> Array.iteri (fun j v -> imprint[j] <- imprint[j] + v)

        let covariance = precision.Inverse()
        let factor = covariance.Cholesky().Factor

        {
            Covariance = covariance.ToRowMajorArray()
            Imprint = imprint
            Deviations =
                (factor * Matrix<float>.Build.Dense(latents, normals.Length / latents, normals))
                    .ToColumnMajorArray()
        }

    /// Antithetic standard normals, `count` points of the given dimension, from a seed of their own.
    let private nodes count dimension =
        let half =
            Draws.normals (Seed(0UL).Derive "oracle nodes") $"{dimension}" (count / 2 * dimension)

        Array.append half (Array.map (~-) half)

    /// The part of the missingness logits that does not depend on y, for one node; `noise` are M standard normals
    /// for the values of hidden modalities.
    type private Logits(model, mechanism: MissingnessMechanism) =
        let laws =
            Array.init modalities (fun m ->
                if mechanism.ValueSlopes[m].Length = 0 then
                    Array.zeroCreate latents, 0., 0.
                else
                    AcquisitionModel.projection model mechanism.ValueSources[m] mechanism.ValueSlopes[m])

        let state =
            mechanism.LatentSlopes
            |> Array.map (fun slopes ->
                if slopes.Length = 0 then
                    Array.zeroCreate latents
                else
                    slopes)

        /// Whether the values that drive modality m are observed, and their part of the logit if so.
        member _.Known(cohort: Cohort, row, m) =
            let source = mechanism.ValueSources[m]

            if mechanism.ValueSlopes[m].Length > 0 && cohort.IsObserved(row, source) then
                let x = cohort.Row(source, row)
                let mutable sum = 0.

                for f in 0 .. x.Length - 1 do
                    sum <- sum + mechanism.ValueSlopes[m][f] * float x[f]

                sum
            else
                nan

        member _.Fill(logits: float[], known: float[], s: float[], c: float, noise: float[], node: int) =
            for m in 0 .. modalities - 1 do
                let mutable logit =
                    mechanism.Intercepts[m] - mechanism.Centres[m]
                    + mechanism.ConfounderSlopes[m] * c

                for j in 0 .. latents - 1 do
                    logit <- logit + state[m][j] * s[j]

                if mechanism.ValueSlopes[m].Length > 0 then
                    if Double.IsNaN known[m] then
                        let onState, onConfounder, sd = laws[m]
                        logit <- logit + onConfounder * c + sd * noise[node * modalities + m]

                        for j in 0 .. latents - 1 do
                            logit <- logit + onState[j] * s[j]
                    else
                        logit <- logit + known[m]

                logits[m] <- logit

    /// P(y = 1 | x_obs, o) for each row of a cohort that was drawn with this model, mechanism and P(C = y) = rho:
    /// proportional to sum_C P(C | y) N(x_obs; c_o (2C - 1), A_o A_o' + I) E[P(y | S) P(o | S, x, C, y)], where the
    /// expectation is over the Gaussian posterior of S given x_obs and C (its covariance depends on the
    /// pattern only) and is taken over `nodes` fixed antithetic points. The site is not used.
    let probability model mechanism rho nodeCount (cohort: Cohort) =
        let normals = nodes nodeCount latents
        let noise = nodes nodeCount modalities
        let informative = MissingnessMechanism.isInformative mechanism
        let missingness = Logits(model, mechanism)

        let posteriors =
            Array.init (1 <<< modalities) (fun p -> lazy (posterior model normals p))

        let s = Array.zeroCreate<float> latents
        let projected = Array.zeroCreate<float> latents
        let mean = Array.zeroCreate<float> latents
        let logits = Array.zeroCreate<float> modalities
        let shifted = Array.zeroCreate<float> modalities

        Array.init cohort.Count (fun row ->
            let pattern = cohort.Pattern row
            let posterior = posteriors[pattern].Value
            let known = Array.init modalities (fun m -> missingness.Known(cohort, row, m))
            Array.Clear projected
            let mutable imprint = 0.

            for m in observed pattern do
                let x = cohort.Row(m, row)
                let loadings = model.Loadings[m]

                for f in 0 .. x.Length - 1 do
                    let value = float x[f]
                    imprint <- imprint + value * model.Imprints[m][f]

                    for j in 0 .. latents - 1 do
                        projected[j] <- projected[j] + loadings[f * latents + j] * value

            /// Fills the posterior mean and returns log N(x_obs | C) up to a constant that both C share.
            let condition c =
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

            /// Sums over the nodes of P(y, o | S, C), for y = 1 and y = 0.
            let integrate c =
                let mutable positive = 0.
                let mutable negative = 0.

                for node in 0 .. nodeCount - 1 do
                    for j in 0 .. latents - 1 do
                        s[j] <- mean[j] + posterior.Deviations[node * latents + j]

                    let p = NormalIntegral.sigmoid (AcquisitionModel.outcomeLogit model s 0)

                    if informative then
                        missingness.Fill(logits, known, s, c, noise, node)

                        for m in 0 .. modalities - 1 do
                            shifted[m] <- logits[m] + mechanism.OutcomeSlopes[m]

                        positive <-
                            positive
                            + p * MissingnessMechanism.patternProbability shifted 0 modalities pattern

                        for m in 0 .. modalities - 1 do
                            shifted[m] <- logits[m] - mechanism.OutcomeSlopes[m]

                        negative <-
                            negative
                            + (1. - p) * MissingnessMechanism.patternProbability shifted 0 modalities pattern
                    else
                        positive <- positive + p
                        negative <- negative + 1. - p

                struct (positive, negative)

            let likelihood1 = condition 1.
            let struct (positive1, negative1) = integrate 1.
            let likelihood0 = condition -1.
            let struct (positive0, negative0) = integrate -1.
            let top = max likelihood1 likelihood0
            let w1, w0 = exp (likelihood1 - top), exp (likelihood0 - top)
            let positive = rho * w1 * positive1 + (1. - rho) * w0 * positive0
            let negative = (1. - rho) * w1 * negative1 + rho * w0 * negative0
            positive / (positive + negative))
