namespace CausalDebiasing.Bench.Worlds

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Shifts
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime
open MathNet.Numerics
open MathNet.Numerics.LinearAlgebra

/// The Bayes-optimal probability of the outcome in an Acquisition world.
module AcquisitionOracle =
    /// Integration nodes per row and value of C.
    let defaultNodes = 256

    let private latents = AcquisitionModel.latents
    let private modalities = AcquisitionModel.modalities

    /// Antithetic standard normals, `count` points of the given dimension, the same in every call.
    let private nodes count dimension =
        let half =
            Draws.normals (Seed(0UL).Derive "oracle nodes") $"{dimension}" (count / 2 * dimension)

        Array.append half (Array.map (~-) half)

    /// The part of a missingness logit that does not depend on y: a law in S, 2C - 1 and a standard normal that
    /// stands for hidden values.
    type private LogitLaw = {
        Constant: float
        State: float[]
        Confounder: float
        Noise: float
    }

    let private logit law (s: float[]) c noise =
        let mutable sum = law.Constant + law.Confounder * c + law.Noise * noise

        for j in 0 .. law.State.Length - 1 do
            sum <- sum + law.State[j] * s[j]

        sum

    /// The law for modality m while the values that drive it are left out.
    let private withoutValues (mechanism: MissingnessMechanism) m = {
        Constant = mechanism.Intercepts[m] - mechanism.Centres[m]
        State = mechanism.LatentSlopes[m]
        Confounder = mechanism.ConfounderSlopes[m]
        Noise = 0.
    }

    /// The law for modality m when those values are hidden.
    let private hidden model (mechanism: MissingnessMechanism) m =
        let law = withoutValues mechanism m

        if mechanism.ValueSlopes[m].Length = 0 then
            law
        else
            let onState, onLevels, noise =
                AcquisitionModel.projection model mechanism.ValueSources[m] mechanism.ValueSlopes[m]

            {
                law with
                    State =
                        if law.State.Length = 0 then
                            onState
                        else
                            Array.map2 (+) law.State onState
                    Confounder = law.Confounder + List.exactlyOne onLevels
                    Noise = noise
            }

    /// The law for modality m in a row, whose observed values are known.
    let private inRow (mechanism: MissingnessMechanism) (hidden: LogitLaw[]) (cohort: Cohort) row m =
        let source = mechanism.ValueSources[m]
        let slopes = mechanism.ValueSlopes[m]

        if slopes.Length > 0 && cohort.IsObserved(row, source) then
            let x = cohort.Row(source, row)
            let law = withoutValues mechanism m
            let mutable sum = law.Constant

            for f in 0 .. x.Length - 1 do
                sum <- sum + slopes[f] * float x[f]

            { law with Constant = sum }
        else
            hidden[m]

    /// P(y = 1 | x_obs, o) for each row of a cohort that was drawn with this model, mechanism and P(C = y) = rho:
    /// proportional to sum_C P(C | y) N(x_obs; c_o (2C - 1), A_o A_o' + I) E[P(y | S) P(o | S, x, C, y)], where the
    /// expectation is over the Gaussian posterior of S given x_obs and C and is taken over `nodeCount` fixed
    /// antithetic points. The site is not used. The model's scenario must have an oracle.
    let probability model mechanism rho nodeCount (cohort: Cohort) =
        let normals = nodes nodeCount latents
        let noise = nodes nodeCount modalities
        let informative = MissingnessMechanism.isInformative mechanism
        let hidden = Array.init modalities (hidden model mechanism)

        let posteriors =
            Array.init (1 <<< modalities) (fun pattern ->
                lazy
                    let posterior = AcquisitionPosterior.create model pattern
                    let points = Matrix<float>.Build.Dense(latents, nodeCount, normals)
                    struct (posterior, (posterior.Factor * points).ToColumnMajorArray()))

        let s = Array.zeroCreate<float> latents
        let projected = Array.zeroCreate<float> latents
        let mean = Array.zeroCreate<float> latents
        let logits = Array.zeroCreate<float> modalities
        let shifted = Array.zeroCreate<float> modalities

        let seen pattern outcome =
            if informative then
                for m in 0 .. modalities - 1 do
                    shifted[m] <- logits[m] + outcome * mechanism.OutcomeSlopes[m]

                MissingnessMechanism.patternProbability shifted 0 modalities pattern
            else
                1.

        Array.init cohort.Count (fun row ->
            let pattern = cohort.Pattern row
            let struct (posterior, deviations) = posteriors[pattern].Value
            let laws = Array.init modalities (inRow mechanism hidden cohort row)

            let imprint = AcquisitionPosterior.project model posterior cohort row projected

            /// log N(x_obs | C) and the means over the nodes of P(y, o | S, C) for y = 1 and y = 0.
            let given c =
                let logLikelihood =
                    AcquisitionPosterior.condition posterior projected imprint c mean

                let mutable positive = 0.
                let mutable negative = 0.

                for node in 0 .. nodeCount - 1 do
                    for j in 0 .. latents - 1 do
                        s[j] <- mean[j] + deviations[node * latents + j]

                    if informative then
                        for m in 0 .. modalities - 1 do
                            logits[m] <- logit laws[m] s c noise[node * modalities + m]

                    let p = SpecialFunctions.Logistic(AcquisitionModel.outcomeLogit model s 0)
                    positive <- positive + p * seen pattern 1.
                    negative <- negative + (1. - p) * seen pattern -1.

                struct (logLikelihood, positive, negative)

            let struct (log1, positive1, negative1) = given 1.
            let struct (log0, positive0, negative0) = given -1.
            let top = max log1 log0
            let likelihood1, likelihood0 = exp (log1 - top), exp (log0 - top)

            let positive = rho * likelihood1 * positive1 + (1. - rho) * likelihood0 * positive0

            let negative = (1. - rho) * likelihood1 * negative1 + rho * likelihood0 * negative0

            positive / (positive + negative))
