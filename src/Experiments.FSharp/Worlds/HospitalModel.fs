namespace CausalDebiasing.Bench.Worlds

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Runtime
open MathNet.Numerics
open MathNet.Numerics.Distributions
open MathNet.Numerics.LinearAlgebra
open MathNet.Numerics.RootFinding

/// A hospital, or a group of diagnoses.
type HospitalGroup = {
    Name: string
    /// What is added to every latent state before it gets its own law.
    CaseMix: float[]
    /// What multiplies the weight of every latent state in the outcome.
    Effects: float[]
    /// Logit by which the second kind of a subtype is worse.
    SubtypeEffect: float
}

/// The drawn constants of a Hospital world. Latent states are correlated and of variance 1: the circulation's is
/// exponential, the kidney's about Gamma(2), the others are normal. y ~ Bern(sigmoid(a (w . S + v S_0 S_1) - threshold)),
/// with w times its group's effects.
type HospitalModel = {
    Setting: HospitalSetting
    Columns: HospitalColumn[]
    /// Each column's modality.
    ModalityOf: int[]
    /// Each column's weights of the latent states.
    Loadings: float[][]
    /// Lower triangle, row-major, that correlates the normals beneath the latent states.
    Mixing: float[]
    Weights: float[]
    Interaction: float
    Threshold: float
    /// a > 0.
    Signal: float
    Training: HospitalGroup[]
    New: HospitalGroup[]
}

/// Patients' latent states, n x 5, row-major, and their groups.
type HospitalStates = { Latent: float[]; Groups: int[] }

module HospitalModel =
    let private latents = HospitalTable.latents

    /// Share of patients whose subtype is the second.
    let subtypeShare = 0.4

    /// States of a grid-like draw that intercepts and separations are taken from.
    let populationRows = 4000

    let private exponential g =
        -log(max 1e-300 (Normal.CDF(0., 1., -g))) - 1.

    /// Gamma(2) less its mean and over its standard deviation, by the cube of Wilson and Hilferty.
    let private gamma g =
        let root = 1. - 1. / 18. + g / (3. * sqrt 2.)
        2. * (max 0. root ** 3. - 1.) / sqrt 2.

    /// The state's own law of a normal variable.
    let private marginal state g =
        if state = HospitalTable.circulation then exponential g
        elif state = HospitalTable.kidney then gamma g
        else g

    /// The states out of independent normals, patient i being of group i mod the number of groups.
    let private states model (groups: HospitalGroup[]) (normals: float[]) =
        let n = normals.Length / latents

        {
            Groups = Array.init n (fun i -> i % groups.Length)
            Latent =
                Array.init (n * latents) (fun k ->
                    let i, state = k / latents, k % latents
                    let mutable g = groups[i % groups.Length].CaseMix[state]

                    for j in 0..state do
                        g <- g + model.Mixing[state * latents + j] * normals[i * latents + j]

                    marginal state g)
        }

    /// n patients of the groups, which take turns.
    let patients model groups (seed: Seed) n =
        Draws.normals seed "latent" (n * latents) |> states model groups

    /// n points that cover the law of the states evenly: an additive recurrence in the root of x^6 = x + 1.
    let population model groups n =
        let root = Brent.FindRoot((fun x -> x ** float (latents + 1) - x - 1.), 1., 2.)

        Array.init (n * latents) (fun k ->
            let step = root ** -float(k % latents + 1)
            let u = (0.5 + float (k / latents + 1) * step) % 1.
            Normal.InvCDF(0., 1., max 1e-9 (min (1. - 1e-9) u)))
        |> states model groups

    /// The loadings of column c times the state of patient i.
    let effect model states c i =
        let mutable sum = 0.

        for j in 0 .. latents - 1 do
            sum <- sum + model.Loadings[c][j] * states.Latent[i * latents + j]

        sum

    /// Logit of the outcome of patient i, but for a subtype.
    let outcomeLogit model (groups: HospitalGroup[]) states i =
        let state j = states.Latent[i * latents + j]
        let effects = groups[states.Groups[i]].Effects
        let mutable sum = model.Interaction * state 0 * state 1

        for j in 0 .. latents - 1 do
            sum <- sum + model.Weights[j] * effects[j] * state j

        model.Signal * sum - model.Threshold

    /// What the second subtype (1, the first being 0) adds to the logit in a group.
    let subtypeLogit group subtype =
        group.SubtypeEffect * (subtype - subtypeShare)

    let private thresholdFor model =
        let states = population model model.Training populationRows

        let logits = Array.init populationRows (outcomeLogit model model.Training states)

        let share threshold =
            logits
            |> Array.mapi (fun i logit ->
                let given subtype =
                    SpecialFunctions.Logistic(
                        logit - threshold + subtypeLogit model.Training[states.Groups[i]] subtype
                    )

                (1. - subtypeShare) * given 0. + subtypeShare * given 1.)
            |> Array.average

        let bound = 30. + (logits |> Array.map abs |> Array.max)
        Brent.FindRoot((fun t -> share t - model.Setting.Prevalence), -bound, bound, 1e-7, 200)

    let private group (setting: HospitalSetting) (world: Seed) name : HospitalGroup =
        let draw what scale =
            Draws.normals world $"{what}/{name}" latents |> Array.map ((*) scale)

        {
            Name = name
            CaseMix = draw "case mix" setting.CaseMix
            Effects = draw "effects" setting.EffectSpread |> Array.map exp
            SubtypeEffect =
                if setting.Hidden = Subtype then
                    3. * (Draws.uniforms world $"subtype/{name}" 1)[0]
                else
                    0.
        }

    let private groups (setting: HospitalSetting) world =
        let named prefix numbers =
            numbers |> Array.map (fun i -> group setting world $"{prefix}-{i}")

        match setting.Grouping with
        | Hospitals count -> named "hospital" [| 1..count |], named "hospital" [| count + 1 .. count + 5 |]
        | Diagnoses ->
            let all = named "diagnosis" [| 1 .. HospitalTable.diagnoses |]
            all, all

    let private mixing world =
        let common =
            Draws.uniforms world "correlation" latents |> Array.map (fun u -> 0.4 + 0.3 * u)

        let correlation =
            Matrix<float>
                .Build.Dense(latents, latents, fun i j -> if i = j then 1. else common[i] * common[j])

        correlation.Cholesky().Factor.ToRowMajorArray()

    /// Draws the constants.
    let create (setting: HospitalSetting) signal (seed: Seed) =
        let world = seed.Derive "world"
        let columns = setting.Table |> Array.collect _.Columns

        let around name count =
            Draws.uniforms world name count |> Array.map (fun u -> 0.7 + 0.6 * u)

        let training, later = groups setting world

        let model = {
            Setting = setting
            Columns = columns
            ModalityOf =
                setting.Table
                |> Array.mapi (fun m modality -> Array.create modality.Columns.Length m)
                |> Array.concat
            Loadings =
                columns
                |> Array.map (fun column ->
                    let jitter = around $"loadings/{column.Name}" latents
                    let loads = Array.zeroCreate<float> latents

                    for state, load in column.Loads do
                        loads[state] <- load * jitter[state]

                    loads)
            Mixing = mixing world
            Weights =
                around "weights" latents
                |> Array.mapi (fun state u ->
                    if state = 0 || setting.HasManyCauses then
                        u * [| 0.9; 0.7; 0.7; 0.5; 0.6 |][state]
                    else
                        0.)
            Interaction = if setting.HasManyCauses then 0.5 else 0.
            Threshold = 0.
            Signal = signal
            Training = training
            New = later
        }

        {
            model with
                Threshold = thresholdFor model
        }
