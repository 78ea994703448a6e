namespace CausalDebiasing.Bench.Worlds

open CausalDebiasing.Bench.Shifts
open CausalDebiasing.Runtime

/// The headline world: latent severity, site practice and the outcome decide together about what is measured,
/// while a site-dependent confounder imprints every modality. Constants: see `AcquisitionModel`.
module AcquisitionWorld =
    /// Draws a cohort of n patients under a condition. The same seed and sample name give the same S and y for every
    /// condition, and the same x for every missing rate and mechanism.
    let draw model (spec: DataSpec) mechanism condition name sampleNumber n =
        let seed = Seed(uint64 spec.Seed).Derive("sample").Derive(name = name)

        let sample =
            AcquisitionModel.patients model seed n
            |> AcquisitionModel.confound condition spec.Confounding seed

        let values =
            Array.init AcquisitionModel.modalities (AcquisitionModel.values model sample seed)

        let drivers =
            AcquisitionMissingness.drivers sample mechanism (fun k ->
                AcquisitionMissingness.projectBlock values[k])

        let rate = WorldCohort.missingRate spec
        let mask = MissingnessRate.hide rate mechanism drivers (seed.Derive "mask")
        WorldCohort.create sampleNumber values mask sample.Outcome

    /// Training and validation set and the tests "id", "do" (rho = 1/2, MCAR) and "reversed"
    /// (rho = 1/2 - 0.4 kappa, missingness slopes negated), with Bayes-optimal probabilities. As y depends on the
    /// latent state only, P(y | do x) is the prevalence, which says nothing; it is left out.
    /// Raises InputException for a missing rate that cannot be reached.
    let study (spec: DataSpec) =
        let model = AcquisitionModel.create spec.Signal (Seed(uint64 spec.Seed))

        let mechanisms = AcquisitionMissingness.create model spec

        let draw condition =
            draw model spec mechanisms[condition] condition

        WorldCohort.study spec draw (fun condition cohort -> {
            Condition = Condition.name condition
            Cohort = cohort
            BayesProbability =
                Some(
                    lazy
                        AcquisitionOracle.probability
                            model
                            mechanisms[condition]
                            (AcquisitionModel.meanAgreement condition spec.Confounding)
                            AcquisitionOracle.defaultNodes
                            cohort
                )
            DoProbability = None
        })
