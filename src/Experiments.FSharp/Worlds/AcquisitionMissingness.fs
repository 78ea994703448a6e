namespace CausalDebiasing.Bench.Worlds

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Shifts
open CausalDebiasing.Runtime

/// The missingness of an Acquisition world under each condition, intercepts fitted on its population.
module AcquisitionMissingness =
    /// weights . x_k of every patient, drawn from its exact law given S and the levels of the imprints.
    let private project model (sample: MissingnessDrivers) levels (seed: Seed) k weights =
        let onState, onLevels, noise = AcquisitionModel.projection model k weights
        let imprints: (float * float[]) list = List.zip onLevels (levels k)
        let latents = AcquisitionModel.latents

        Draws.normals seed $"projection/{k}" sample.Outcome.Length
        |> Array.mapi (fun i z ->
            let mutable sum = noise * z

            for slope, level in imprints do
                sum <- sum + slope * level[i]

            for j in 0 .. latents - 1 do
                sum <- sum + onState[j] * sample.Latent[i * latents + j]

            sum)

    /// What the mechanism reads off a sample, given weights . x_k for any k and weights.
    let drivers (sample: MissingnessDrivers) mechanism (project: int -> float[] -> float[]) =
        let modalities = mechanism.Intercepts.Length
        let projections = Array.zeroCreate<float>(sample.Outcome.Length * modalities)

        for m in 0 .. modalities - 1 do
            if mechanism.ValueSlopes[m].Length > 0 then
                project mechanism.ValueSources[m] mechanism.ValueSlopes[m]
                |> Array.iteri (fun i t -> projections[i * modalities + m] <- t)

        {
            sample with
                Projections = projections
        }

    /// block . weights for every row of an n x width block.
    let projectBlock (block: float[]) (weights: float[]) =
        Array.init (block.Length / weights.Length) (fun i ->
            let mutable sum = 0.

            for f in 0 .. weights.Length - 1 do
                sum <- sum + weights[f] * block[i * weights.Length + f]

            sum)

    /// The mechanisms: the asked one in distribution, MCAR when intervened upon, the opposite signs when
    /// reversed; the missing rate is the same in all three.
    /// Raises InputException for a rate that cannot be reached.
    let create model (spec: DataSpec) =
        let seed = Seed(uint64 spec.Seed)
        let populationSeed = seed.Derive "population"
        let rate = WorldCohort.missingRate spec

        let patients =
            AcquisitionModel.patients model populationSeed AcquisitionModel.populationRows

        let population condition =
            let sample =
                AcquisitionConfounder.draw model condition spec.Confounding populationSeed patients

            let levels =
                AcquisitionConfounder.levels model condition spec.Confounding populationSeed sample

            sample, project model sample levels populationSeed

        let fit mechanism (sample, project) =
            MissingnessRate.fit rate mechanism (drivers sample mechanism project)

        let trained = population InDistribution

        let mechanism =
            MechanismCatalog.create spec.Mechanism spec.MechanismStrength {
                Directions = model.Directions
                Signs = model.Signs
                Widths = Array.create AcquisitionModel.modalities AcquisitionModel.features
                Project = snd trained
                Seed = seed.Derive "mechanism"
            }

        Map [
            InDistribution, fit mechanism trained
            Interventional, MissingnessRate.fitMcar rate AcquisitionModel.modalities
            Reversed, fit (MissingnessMechanism.reverse mechanism) (population Reversed)
        ]
