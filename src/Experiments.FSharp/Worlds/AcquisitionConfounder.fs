namespace CausalDebiasing.Bench.Worlds

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Shifts
open CausalDebiasing.Runtime
open MathNet.Numerics.Distributions

/// The confounders of an Acquisition world: how they go with the outcome, and what of them reaches the values.
module AcquisitionConfounder =
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

    let private binary (agreement: int -> float) seed name (outcome: float[]) =
        Draws.uniforms seed name outcome.Length
        |> Array.mapi (fun i u ->
            if u < agreement (WorldCohort.site i) then
                outcome[i]
            else
                -outcome[i])

    let private continuous (agreement: int -> float) seed name (outcome: float[]) =
        let shifts =
            WorldCohort.siteNames
            |> Array.mapi (fun site _ -> Normal.InvCDF(0., 1., agreement site))

        Draws.normals seed name outcome.Length
        |> Array.mapi (fun i z -> outcome[i] * shifts[WorldCohort.site i] + z)

    /// The same patients with confounders drawn under a condition; of two confounders it is the first.
    let draw model condition kappa (seed: Seed) (patients: MissingnessDrivers) =
        let law =
            match model.Scenario.Confounder with
            | Binary
            | TwoBinary -> binary
            | Continuous -> continuous

        {
            patients with
                Confounder = law (agreement condition kappa) seed "confounder" patients.Outcome
        }

    /// What multiplies each imprint of modality k, n numbers per imprint, for patients whose confounder was drawn
    /// under the same condition and with the same seed.
    let levels model condition kappa (seed: Seed) (sample: MissingnessDrivers) k =
        match model.Scenario.Imprint, model.Scenario.Confounder with
        | Amplitude, _ -> [
            Draws.signs seed $"imprint sign/{k}" sample.Outcome.Length
            |> Array.map2 (fun c sign -> sign * (if c > 0. then 1.5 else 0.3)) sample.Confounder
          ]
        | Additive, TwoBinary ->
            let last = WorldCohort.siteNames.Length - 1

            [
                sample.Confounder
                binary
                    (fun site -> agreement condition kappa (last - site))
                    seed
                    "confounder/2"
                    sample.Outcome
            ]
        | Additive, _ -> [ sample.Confounder ]
