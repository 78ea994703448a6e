namespace CausalDebiasing.Bench.Worlds

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Shifts
open CausalDebiasing.Runtime
open MathNet.Numerics
open MathNet.Numerics.RootFinding
open MathNet.Numerics.Statistics

/// The drawn constants of one Acquisition world: S ~ N(0, I_8); y ~ Bern(sigmoid(a g(S))) with
/// g(S) = w . S + S'QS - median - 0.5; P(C = y) = rho; x_k = A_k S + c_k (2C - 1) + N(0, I_16), k = 1..4.
/// Scenarios change the confounder, its imprint or the outcome's threshold.
type AcquisitionModel = {
    Scenario: AcquisitionScenario
    /// A_k: 16 x 8, row-major, entries N(0, 1) / sqrt 8.
    Loadings: float[][]
    /// c_k: 16 entries N(0, 1), or 0 where the scenario has no imprint.
    Imprints: float[][]
    /// Those of the second confounder; empty without one.
    SecondImprints: float[][]
    /// w: 8 entries 2 N(0, 1) / sqrt 8.
    Linear: float[]
    /// Q: 8 x 8, row-major, entries N(0, 1) / 8.
    Quadratic: float[]
    /// u_k: 8 entries N(0, 1) / sqrt 8, the directions of S that decide about acquisition.
    Directions: float[][]
    /// d_k: -1 or 1.
    Signs: float[]
    /// What w . S + S'QS must exceed for an outcome with probability above 1/2: its median over the population + 0.5,
    /// or what gives the scenario's prevalence.
    Threshold: float
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
        let mutable g = -model.Threshold

        for i in 0 .. latents - 1 do
            let mutable inner = model.Linear[i]

            for j in 0 .. latents - 1 do
                inner <- inner + model.Quadratic[i * latents + j] * latent[row + j]

            g <- g + inner * latent[row + i]

        model.Signal * g

    /// Where the mean of sigmoid(a (score - threshold)) is the prevalence.
    let private thresholdFor prevalence signal (scores: float[]) =
        let largest = 20. + signal * (scores |> Array.map abs |> Array.max)

        let excess logit =
            (scores
             |> Array.averageBy (fun v -> SpecialFunctions.Logistic(signal * v - logit)))
            - prevalence

        Brent.FindRoot(excess, -largest, largest, 1e-6, 200) / signal

    /// Draws the constants.
    let create scenario signal (seed: Seed) =
        let world = seed.Derive "world"

        let scaled factor name count =
            Draws.normals world name count |> Array.map ((*) factor)

        let perModality f = Array.init modalities f
        let root = sqrt (float latents)

        let imprints name =
            perModality (fun k -> scaled (if k < scenario.Imprinted then 1. else 0.) $"{name}/{k}" features)

        let model = {
            Scenario = scenario
            Loadings = perModality (fun k -> scaled (1. / root) $"loadings/{k}" (features * latents))
            Imprints = imprints "imprint"
            SecondImprints =
                if scenario.Confounder = TwoBinary then
                    imprints "imprint-2"
                else
                    [||]
            Linear = scaled (2. / root) "linear" latents
            Quadratic = scaled (1. / float latents) "quadratic" (latents * latents)
            Directions = perModality (fun k -> scaled (1. / root) $"directions/{k}" latents)
            Signs = Draws.signs world "signs" modalities
            Threshold = 0.
            Signal = 1.
        }

        let states = Draws.normals world "median" (populationRows * latents)

        let scores =
            Array.init populationRows (fun i -> outcomeLogit model states (i * latents))

        {
            model with
                Threshold =
                    match scenario.Prevalence with
                    | Some prevalence -> thresholdFor prevalence signal scores
                    | None -> ArrayStatistics.MedianInplace scores + 0.5
                Signal = signal
        }

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
                    if u < SpecialFunctions.Logistic(outcomeLogit model latent (i * latents)) then
                        1.
                    else
                        -1.)
        }

    /// The imprints of modality k, one for each confounder.
    let imprints model k =
        model.Imprints[k]
        :: (if model.SecondImprints.Length > 0 then
                [ model.SecondImprints[k] ]
            else
                [])

    /// The n x 16 values of one modality: A_k S + noise + the imprints, times n levels each.
    let values model (sample: MissingnessDrivers) (levels: float[] list) (seed: Seed) k =
        let block = Draws.normals seed $"noise/{k}" (sample.Outcome.Length * features)
        let imprints = List.zip (imprints model k) levels

        let loadings = model.Loadings[k]

        for i in 0 .. sample.Outcome.Length - 1 do
            for f in 0 .. features - 1 do
                let mutable x = block[i * features + f]

                for imprint, level in imprints do
                    x <- x + imprint[f] * level[i]

                for j in 0 .. latents - 1 do
                    x <- x + loadings[f * latents + j] * sample.Latent[i * latents + j]

                block[i * features + f] <- x

        block

    /// The law of weights . x_k: (A_k' weights, weights . c_k per imprint, |weights|), its slopes on S and on the levels
    /// of the imprints, and its noise.
    let projection model k (weights: float[]) =
        let onState =
            Array.init latents (fun j ->
                Array.mapi (fun f w -> w * model.Loadings[k][f * latents + j]) weights
                |> Array.sum)

        onState,
        imprints model k
        |> List.map (Array.fold2 (fun sum w c -> sum + w * c) 0. weights),
        weights |> Array.sumBy (fun w -> w * w) |> sqrt
