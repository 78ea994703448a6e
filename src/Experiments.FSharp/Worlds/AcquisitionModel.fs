namespace CausalDebiasing.Bench.Worlds

open CausalDebiasing.Bench.Shifts
open CausalDebiasing.Runtime
open MathNet.Numerics.Statistics

/// The drawn constants of one Acquisition world: S ~ N(0, I_8); y ~ Bern(sigmoid(a g(S))) with
/// g(S) = w . S + S'QS - median - 0.5; P(C = y) = rho; x_k = A_k S + c_k (2C - 1) + N(0, I_16), k = 1..4.
type AcquisitionModel = {
    /// A_k: 16 x 8, row-major, entries N(0, 1) / sqrt 8.
    Loadings: float[][]
    /// c_k: 16 entries N(0, 1).
    Imprints: float[][]
    /// w: 8 entries 2 N(0, 1) / sqrt 8.
    Linear: float[]
    /// Q: 8 x 8, row-major, entries N(0, 1) / 8.
    Quadratic: float[]
    /// u_k: 8 entries N(0, 1) / sqrt 8, the directions of S that decide about acquisition.
    Directions: float[][]
    /// d_k: -1 or 1.
    Signs: float[]
    /// Median of w . S + S'QS over the population.
    Median: float
    /// a > 0: signal strength.
    Signal: float
}

module AcquisitionModel =
    let modalities = 4
    let latents = 8
    let features = 16

    /// Patients in the fixed draw that medians, standardisations and intercepts are taken from.
    let populationRows = 20_000

    /// a g(S) of the state that starts at `row`.
    let outcomeLogit model (latent: float[]) row =
        let mutable g = -model.Median - 0.5

        for i in 0 .. latents - 1 do
            let mutable inner = model.Linear[i]

            for j in 0 .. latents - 1 do
                inner <- inner + model.Quadratic[i * latents + j] * latent[row + j]

            g <- g + inner * latent[row + i]

        model.Signal * g

    /// Draws the constants.
    let create signal (seed: Seed) =
        let world = seed.Derive "world"

        let scaled factor name count =
            Draws.normals world name count |> Array.map ((*) factor)

        let perModality f = Array.init modalities f
        let root = sqrt (float latents)

        let model = {
            Loadings = perModality (fun k -> scaled (1. / root) $"loadings/{k}" (features * latents))
            Imprints = perModality (fun k -> scaled 1. $"imprint/{k}" features)
            Linear = scaled (2. / root) "linear" latents
            Quadratic = scaled (1. / float latents) "quadratic" (latents * latents)
            Directions = perModality (fun k -> scaled (1. / root) $"directions/{k}" latents)
            Signs = Draws.signs world "signs" modalities
            Median = -0.5
            Signal = 1.
        }

        let states = Draws.normals world "median" (populationRows * latents)

        let median =
            Array.init populationRows (fun i -> outcomeLogit model states (i * latents))
            |> ArrayStatistics.MedianInplace

        {
            model with
                Median = median
                Signal = signal
        }

    /// Share of patients with C = y at a training site: 1/2 + kappa (0.20, 0.35, 0.40, 0.45).
    let siteAgreement kappa site =
        0.5 + kappa * [| 0.20; 0.35; 0.40; 0.45 |][site]

    /// P(C = y) at a site under a condition.
    let agreement condition kappa site =
        match condition with
        | InDistribution -> siteAgreement kappa site
        | Interventional -> 0.5
        | Reversed -> 0.5 - 0.4 * kappa

    /// P(C = y) where the site is unknown: the mean over the sites.
    let meanAgreement condition kappa =
        WorldCohort.siteNames
        |> Array.mapi (fun site _ -> agreement condition kappa site)
        |> Array.average

    /// Draws n patients' states and outcomes; everybody's confounder is still 1.
    let patients model (seed: Seed) n =
        let latent = Draws.normals seed "latent" (n * latents)

        {
            Latent = latent
            Projections = [||]
            Confounder = Array.create n 1.
            Outcome =
                Draws.uniforms seed "outcome" n
                |> Array.mapi (fun i u ->
                    if u < NormalIntegral.sigmoid (outcomeLogit model latent (i * latents)) then
                        1.
                    else
                        -1.)
        }

    /// The same patients with confounders drawn under a condition.
    let confound condition kappa (seed: Seed) patients = {
        patients with
            Confounder =
                Draws.uniforms seed "confounder" patients.Outcome.Length
                |> Array.mapi (fun i u ->
                    if u < agreement condition kappa (WorldCohort.site i) then
                        patients.Outcome[i]
                    else
                        -patients.Outcome[i])
    }

    /// The n x 16 values of one modality: A_k S + c_k (2C - 1) + noise.
    let values model (sample: MissingnessDrivers) (seed: Seed) k =
        let block = Draws.normals seed $"noise/{k}" (sample.Outcome.Length * features)

        let loadings = model.Loadings[k]

        for i in 0 .. sample.Outcome.Length - 1 do
            for f in 0 .. features - 1 do
                let mutable x =
                    block[i * features + f] + model.Imprints[k][f] * sample.Confounder[i]

                for j in 0 .. latents - 1 do
                    x <- x + loadings[f * latents + j] * sample.Latent[i * latents + j]

                block[i * features + f] <- x

        block

    /// The law of weights . x_k: (A_k' weights, weights . c_k, |weights|), its slopes on S and 2C - 1 and its noise.
    let projection model k (weights: float[]) =
        let onState =
            Array.init latents (fun j ->
                Array.mapi (fun f w -> w * model.Loadings[k][f * latents + j]) weights
                |> Array.sum)

        onState,
        Array.fold2 (fun sum w c -> sum + w * c) 0. weights model.Imprints[k],
        weights |> Array.sumBy (fun w -> w * w) |> sqrt
