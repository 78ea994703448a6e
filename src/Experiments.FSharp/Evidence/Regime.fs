namespace CausalDebiasing.Bench.Evidence

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Worlds

/// What the recommended options must reach in a regime, AUROC on the do test.
type Target =
    /// Mean difference to plain at least 0, its 95 % interval above minus `ClaimCatalog.harmMargin`, and no baseline worse by
    /// more than that on average.
    | NoHarm
    /// Mean difference to plain and its 95 % interval not below minus this: there is nothing to undo.
    | LossAtMost of float
    /// (recommended - plain) / (ceiling with the same augmentation - plain) at least this share, judged by the means.
    | GapClosed of float

/// A kind and strength of bias in which the recommended options are judged.
type Regime = {
    Name: string
    Dataset: string
    Mechanism: Mechanism
    /// mu, the outcome's slope in the missingness.
    MechanismStrength: float
    /// kappa.
    Confounding: float
    /// a.
    Signal: float
    TrainSize: int option
    /// World seeds, or of the split of recorded data.
    Seeds: int list
    /// The variant that is judged.
    Treated: Variant
    Target: Target
}

/// The regimes and targets, fixed before the run that judges them. Settings were developed on seeds below 100; the run
/// uses seeds that nothing was developed on.
module Regime =
    let seeds = [ 20036..20045 ]

    let private acquisition name strength confounding target = {
        Name = name
        Dataset = "acquisition"
        Mechanism = Acquisition
        MechanismStrength = strength
        Confounding = confounding
        Signal = 1.
        TrainSize = None
        Seeds = seeds
        Treated = Variant.recommended
        Target = target
    }

    /// The kinds of bias of the Acquisition world.
    let main = [
        {
            acquisition "no bias, missing at random" 0. 0. NoHarm with
                Mechanism = Mcar
        }
        acquisition "no bias, severity-linked missingness" 0. 0. NoHarm
        acquisition "missingness bias, mu 0.5" 0.5 0. (GapClosed 0.9)
        acquisition "missingness bias, mu 1" 1. 0. (GapClosed 0.8)
        acquisition "confounding, kappa 0.4" 0. 0.4 (GapClosed 0.5)
        acquisition "confounding, kappa 0.7" 0. 0.7 (GapClosed 0.9)
        acquisition "confounding, kappa 1" 0. 1. (GapClosed 0.9)
        acquisition "both, 0.7 and 0.7" 0.7 0.7 (GapClosed 0.85)
        acquisition "both, 1 and 1" 1. 1. (GapClosed 0.85)
    ]

    /// Where a simpler method than the recommended one would break.
    let hard = [
        for suffix, name in
            [
                "nonlinear", "imprint that no linear score sees"
                "two-confounders", "two confounders"
                "continuous", "continuous confounder"
                "one-modality", "confounder in one modality"
            ] do
            {
                acquisition name 0.5 0.7 (GapClosed 0.6) with
                    Dataset = $"acquisition-{suffix}"
            }
        {
            acquisition "series and code modalities" 0.5 0.7 (GapClosed 0.6) with
                Dataset = "acquisition-mixed"
        }
        {
            // Without sites nothing but the user's word tells practice from a cause.
            acquisition "no site labels, kappa 0.7, practice assumed" 0. 0.7 (GapClosed 0.5) with
                Dataset = "acquisition-unlabelled-sites"
                Treated = Variant.preset "recommended-assumed"
        }
        {
            acquisition "no site labels, no bias" 0. 0. NoHarm with
                Dataset = "acquisition-unlabelled-sites"
        }
        {
            acquisition "1,000 training rows" 0.5 0.7 (GapClosed 0.5) with
                TrainSize = Some 1000
        }
        {
            acquisition "prevalence 5 %" 0.5 0.7 (GapClosed 0.5) with
                Dataset = "acquisition-rare"
        }
        {
            acquisition "label noise, a = 2" 0.7 0.7 (GapClosed 0.85) with
                Signal = 2.
        }
        {
            acquisition "label noise, a = 4" 0.7 0.7 (GapClosed 0.85) with
                Signal = 4.
        }
    ]

    /// Recorded data with injected biases.
    let semiSynthetic = {
        acquisition "PhysioNet 2012, injected" 0.7 0.7 (GapClosed 0.7) with
            Dataset = "physionet2012"
            Mechanism = OutcomeLinked
    }

    let private hospital (name, target) = {
        acquisition $"hospital: {name}" 0. 0. target with
            Dataset = $"hospital-{name}"
            Mechanism = Natural
    }

    /// Worlds of another hand. Those that are not biased are negative controls.
    let hospitals =
        [
            "null", LossAtMost 0.005
            "null-small", LossAtMost 0.005
            "effects", LossAtMost 0.005
            "case-mix", LossAtMost 0.005
            "knowledge", LossAtMost 0.005
            "one-hot", LossAtMost 0.005
            "binary", LossAtMost 0.005
            "single", LossAtMost 0.005
            "one-site", LossAtMost 0.005
            "ordering", GapClosed 0.9
            "shift", GapClosed 0.9
            "factor", GapClosed 0.9
            "three", GapClosed 0.75
            "both", GapClosed 0.9
            "both-small", GapClosed 0.7
            "codes", GapClosed 0.75
            "rounding", GapClosed 0.5
            "practice", GapClosed 0.85
            "heavy-tails", GapClosed 0.9
            "weak-wide", GapClosed 0.9
            "rare", GapClosed 0.9
            "two-practices", GapClosed 0.75
        ]
        |> List.map hospital
        |> List.map (fun regime ->
            let setting = (HospitalSetting.tryFind regime.Dataset).Value

            let canonical =
                HospitalSetting.canonical setting {
                    DataSpec.asItIs regime.Dataset 0 with
                        MissingRate = Some UsualCondition.missingRate
                        MechanismStrength = 0.5
                        Confounding = 0.7
                }

            {
                regime with
                    MechanismStrength = canonical.MechanismStrength
                    Confounding = canonical.Confounding
            })

    let all = main @ hard @ [ semiSynthetic ] @ hospitals

    /// Whether a data condition belongs to a regime.
    let holds regime (data: DataSpec) =
        data.Dataset = regime.Dataset
        && data.Mechanism = regime.Mechanism
        && data.MechanismStrength = regime.MechanismStrength
        && data.Confounding = regime.Confounding
        && data.Signal = regime.Signal
        && data.TrainSize = regime.TrainSize
        && data.MissingRate = Some UsualCondition.missingRate

    /// Whether data are recorded ones into which nothing was injected.
    let isRecorded (data: DataSpec) =
        Option.isNone (WorldCatalog.tryFind data.Dataset)
        && data.Mechanism = Natural
        && data.Confounding = 0.
