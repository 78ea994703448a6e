namespace CausalDebiasing.Bench.Datasets

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Shifts
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime

/// Biases of known kind and strength on top of recorded data: a confounder, and modalities hidden in addition. Unlike the
/// data's own biases they can be cut and reversed.
module InjectedShift =
    /// The mechanisms that can hide modalities of recorded data; the latent state of `MnarLatent` is the `RecordedSeverity`.
    let mechanisms = [ Natural; Mcar; OutcomeLinked; MnarLatent ]

    /// Whether a condition hides recorded modalities.
    let private hides (spec: DataSpec) =
        spec.Mechanism <> Natural
        && Option.exists (fun rate -> rate > 0.) spec.MissingRate

    /// Whether a condition asks for any bias in addition to the data's own.
    let isAsked (spec: DataSpec) = spec.Confounding > 0. || hides spec

    /// The one form of all conditions with the same recorded data: axes that change nothing at rest.
    let canonical (spec: DataSpec) =
        if hides spec then
            { spec with Signal = 1. }
        else
            {
                spec with
                    MissingRate = None
                    Mechanism = Natural
                    MechanismStrength = 0.
                    Signal = 1.
            }

    let private drivers (latent: Cohort -> float[]) (confounder: float[]) (cohort: Cohort) = {
        Latent = latent cohort
        Projections = [||]
        Confounder = confounder
        Outcome = cohort.Labels.ToArray() |> Array.map (fun y -> if y > 0f then 1. else -1.)
    }

    /// Per condition the mechanism whose expected rate among the recorded modalities of the training rows is the asked one.
    let private fit (spec: DataSpec) (seed: Seed) latent rate (train: Cohort) =
        let signs =
            train.Modalities
            |> Seq.map (fun modality -> (Draws.signs (seed.Derive "signs") modality.Name 1)[0])
            |> Array.ofSeq

        let mechanism kind =
            MechanismCatalog.create kind spec.MechanismStrength {
                Directions = signs |> Array.map Array.singleton
                Signs = signs
                Widths = train.Modalities |> Seq.map _.Size |> Array.ofSeq
                Project = fun _ _ -> [||]
                Seed = seed.Derive "mechanism"
            }

        let fit mechanism =
            MissingnessRate.fitAmong
                (train.Mask.ToArray())
                rate
                mechanism
                (drivers latent (Array.zeroCreate train.Count) train)

        Map [
            InDistribution, fit (mechanism spec.Mechanism)
            Interventional, fit (mechanism Mcar)
            Reversed, fit (MissingnessMechanism.reverse (mechanism spec.Mechanism))
        ]

    /// Draws a part of the data under a condition of a spec. Scales and intercepts come from all training rows, so that they
    /// do not depend on the training size, and confounders from the whole cohort; the same seed and part name give the same
    /// draws for every condition.
    /// Raises InputException for a missing rate that cannot be reached.
    let create (spec: DataSpec) (seed: Seed) (whole: Cohort) (train: Cohort) =
        let seed = seed.Derive "injection"
        let confounders = InjectedConfounder.draw seed whole
        let imprints = InjectedConfounder.imprints seed train
        let rate = if hides spec then spec.MissingRate else None

        let latent =
            match rate, spec.Mechanism with
            | Some _, MnarLatent -> RecordedSeverity.fit train
            | _ -> fun _ -> [||]

        let mechanisms =
            rate |> Option.map (fun rate -> rate, fit spec seed latent rate train)

        fun (name: string) condition (part: Cohort) ->
            let confounder = confounders condition spec.Confounding part

            let imprinted =
                if spec.Confounding > 0. then
                    InjectedConfounder.imprint imprints confounder part
                else
                    part

            match mechanisms with
            | None -> imprinted
            | Some(rate, mechanisms) ->
                MissingnessRate.hideAmong
                    (part.Mask.ToArray())
                    rate
                    mechanisms[condition]
                    (drivers latent confounder part)
                    (seed.Derive("mask").Derive(name = name))
                |> imprinted.WithMask
