namespace CausalDebiasing.Bench.Worlds

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Shifts
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime

/// The headline world: latent severity, site practice and the outcome decide together about what is measured,
/// while a site-dependent confounder imprints every modality. Constants: see `AcquisitionModel`.
module AcquisitionWorld =
    /// The modalities of a mixed world: tabular, a series of 4 steps and 4 channels, 16 slots for codes, tabular.
    let private mixed = [|
        Modality.Tabular("modality-1", AcquisitionModel.features)
        Modality.Series("modality-2", 4, 4)
        Modality.Codes("modality-3", AcquisitionModel.features, AcquisitionModel.features)
        Modality.Tabular("modality-4", AcquisitionModel.features)
    |]

    /// Slot j of the codes is j + 1 where feature j is above 0.5, and empty otherwise.
    let private recode (values: float[][]) =
        let code i x =
            if x > 0.5 then
                float (i % AcquisitionModel.features + 1)
            else
                0.

        values
        |> Array.mapi (fun k block -> if k = 2 then Array.mapi code block else block)

    /// Draws a cohort of n patients under a condition. The same seed and sample name give the same S and y for every
    /// condition, and the same x for every missing rate and mechanism.
    let draw model (spec: DataSpec) mechanism condition name sampleNumber n =
        let seed = Seed(uint64 spec.Seed).Derive("sample").Derive(name = name)

        let sample =
            AcquisitionModel.patients model seed n
            |> AcquisitionConfounder.draw model condition spec.Confounding seed

        let levels =
            AcquisitionConfounder.levels model condition spec.Confounding seed sample

        let values =
            Array.init AcquisitionModel.modalities (fun k ->
                AcquisitionModel.values model sample (levels k) seed k)

        let drivers =
            AcquisitionMissingness.drivers sample mechanism (fun k ->
                AcquisitionMissingness.projectBlock values[k])

        let rate = WorldCohort.missingRate spec
        let mask = MissingnessRate.hide rate mechanism drivers (seed.Derive "mask")

        if model.Scenario.IsMixed then
            WorldCohort.ofModalities mixed sampleNumber (recode values) mask sample.Outcome
        else
            WorldCohort.create sampleNumber values mask sample.Outcome

    let private withoutSites (cohort: Cohort) =
        cohort.WithSites(Array.zeroCreate cohort.Count, [ "unknown" ])

    /// Training and validation set and the tests "id", "do" (rho = 1/2, MCAR) and "reversed"
    /// (rho = 1/2 - 0.4 kappa, missingness slopes negated), with Bayes-optimal probabilities. As y depends on the
    /// latent state only, P(y | do x) is the prevalence, which says nothing; it is left out. So are Bayes-optimal
    /// probabilities where the scenario has no oracle.
    /// Raises InputException for a missing rate that cannot be reached.
    let study scenario (spec: DataSpec) =
        let model = AcquisitionModel.create scenario spec.Signal (Seed(uint64 spec.Seed))

        let mechanisms = AcquisitionMissingness.create model spec

        let draw condition =
            draw model spec mechanisms[condition] condition

        let bayes condition cohort =
            lazy
                AcquisitionOracle.probability
                    model
                    mechanisms[condition]
                    (AcquisitionConfounder.meanAgreement condition spec.Confounding)
                    AcquisitionOracle.defaultNodes
                    cohort

        let study =
            WorldCohort.study spec draw (fun condition cohort -> {
                Condition = Condition.name condition
                Cohort = cohort
                BayesProbability =
                    if AcquisitionScenario.hasOracle scenario then
                        Some(bayes condition cohort)
                    else
                        None
                DoProbability = None
            })

        if scenario.SitesAreKnown then
            study
        else
            {
                study with
                    Train = withoutSites study.Train
                    Validation = withoutSites study.Validation
            }
