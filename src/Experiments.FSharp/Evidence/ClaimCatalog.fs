namespace CausalDebiasing.Bench.Evidence

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Worlds

/// The claims that the suite tests. Thresholds were fixed from pilot runs in other worlds (other seeds), before any
/// result of the suite existed.
module ClaimCatalog =
    /// Loss of AUROC below which a method does no practical harm.
    let harmMargin = 0.005

    let private world name condition (setting: Setting) =
        setting.Data.Dataset = name && setting.Condition = condition

    let private acquisition = world "acquisition" "do"

    let private outcomeLinked (data: DataSpec) =
        data.Mechanism = OutcomeLinked || data.Mechanism = Mechanism.Acquisition

    let private missingnessBias (data: DataSpec) =
        outcomeLinked data && data.MechanismStrength >= 0.5

    let private noMechanism (data: DataSpec) =
        data.Mechanism = Mcar
        || data.Mechanism <> Mechanism.Acquisition && data.MechanismStrength = 0.

    let private noisy (data: DataSpec) = data.Signal <= 1.

    let private auroc treated reference : Claim = {
        Id = ""
        Hypothesis = ""
        Origin = Ours
        Quantity = Auroc
        Treated = treated
        Reference = reference
        Criterion = Above 0.
        Where = ""
        Applies = fun _ -> false
    }

    let private paper = auroc Variant.paper Variant.plain
    let private recommended = auroc Variant.recommended Variant.plain

    /// All claims in the order of the report.
    let all = [
        {
            paper with
                Id = "paper-missingness-bias"
                Hypothesis = "Wrapping improves generalisation under missingness bias."
                Origin = Paper
                Where = "Acquisition world, do test, outcome-linked missingness >= 0.5, no confounding"
                Applies = fun s -> acquisition s && missingnessBias s.Data && s.Data.Confounding = 0.
        }
        {
            paper with
                Id = "paper-distribution-bias"
                Hypothesis = "Wrapping improves generalisation under distribution bias."
                Origin = Paper
                Where = "Acquisition world, do test, confounding >= 0.4"
                Applies = fun s -> acquisition s && s.Data.Confounding >= 0.4
        }
        {
            recommended with
                Id = "recommended-distribution-bias"
                Hypothesis = "The recommended options improve generalisation under strong confounding."
                Where = "Acquisition world, do test, confounding >= 0.7"
                Applies = fun s -> acquisition s && s.Data.Confounding >= 0.7
        }
        {
            recommended with
                Id = "recommended-missingness-bias"
                Hypothesis =
                    "The recommended options improve generalisation under outcome-linked missingness."
                Where = "Acquisition world, do test, outcome-linked missingness >= 0.5"
                Applies = fun s -> acquisition s && missingnessBias s.Data
        }
        {
            recommended with
                Id = "recommended-no-harm"
                Hypothesis = "Without bias the recommended options do no harm."
                Criterion = Above -harmMargin
                Where = "Acquisition world, do test, no confounding, missing completely at random"
                Applies = fun s -> acquisition s && s.Data.Confounding = 0. && noMechanism s.Data
        }
        {
            recommended with
                Id = "recommended-no-harm-physionet2012"
                Hypothesis = "On real intensive-care data the recommended options do no harm."
                Criterion = Above -harmMargin
                Where = "PhysioNet 2012, all its test conditions"
                Applies = fun s -> s.Data.Dataset = "physionet2012"
        }
        {
            recommended with
                Id = "recommended-no-harm-recorded"
                Hypothesis = "On recorded data as they are the recommended options do no harm."
                Criterion = Above -harmMargin
                Where = "Every recorded data set, all its tests, nothing injected"
                Applies = fun s -> Regime.isRecorded s.Data
        }
        {
            auroc (Variant.preset "db-dfa-published") Variant.plain with
                Id = "relative-difficulty-fails-confounded"
                Hypothesis =
                    "Under label noise the dual branch with relative-difficulty weights as published ends far below the plain model where it should help."
                Criterion = Below -0.1
                Where = "Acquisition world, do test, confounding >= 0.8, signal strength <= 1"
                Applies = fun s -> acquisition s && s.Data.Confounding >= 0.8 && noisy s.Data
        }
        {
            auroc (Variant.preset "db-dfa-published") Variant.plain with
                Id = "relative-difficulty-inverts-unconfounded"
                Hypothesis =
                    "Under label noise the dual branch with relative-difficulty weights as published destroys the model even without confounding."
                Criterion = Below -0.2
                Where = "Acquisition world, do test, no confounding, signal strength <= 1"
                Applies = fun s -> acquisition s && s.Data.Confounding = 0. && noisy s.Data
        }
        {
            auroc (Variant.preset "db-dfa") Variant.plain with
                Id = "dual-branch-distribution-bias"
                Origin = Paper
                Hypothesis =
                    "The dual branch alone (tempered weights, epoch chosen on validation rows) improves generalisation under distribution bias."
                Where = "Acquisition world, do test, confounding >= 0.8"
                Applies = fun s -> acquisition s && s.Data.Confounding >= 0.8
        }
        {
            auroc (Variant.preset "label-balance") (Variant.preset "md-exact") with
                Id = "balance-beats-standardisation"
                Hypothesis =
                    "Label balance within missingness patterns is stronger than exact standardisation over them."
                Where = "Acquisition world, do test, outcome-linked missingness >= 0.5"
                Applies = fun s -> acquisition s && missingnessBias s.Data
        }
        {
            auroc (Variant.preset "positivity") (Variant.preset "label-balance") with
                Id = "positivity-beats-balance"
                Hypothesis =
                    "Positivity augmentation with label balance is stronger than label balance alone."
                Where = "Acquisition world, do test, outcome-linked missingness >= 0.5"
                Applies = fun s -> acquisition s && missingnessBias s.Data
        }
        {
            auroc (Variant.preset "md-exact") Variant.plain with
                Id = "world-a-standardisation-valid"
                Hypothesis =
                    "Where the missingness pattern is the confounder, exact standardisation comes closer to P(y | do x)."
                Quantity = DoRisk
                Criterion = Below 0.
                Where = "World A, do test, confounding > 0"
                Applies = fun s -> world "world-a" "do" s && s.Data.Confounding > 0.
        }
        {
            auroc (Variant.preset "md-exact") Variant.plain with
                Id = "world-c-standardisation-invalid"
                Hypothesis =
                    "Negative control: where the outcome decides what is measured, standardisation does not help in distribution."
                Criterion = Below harmMargin
                Where = "World C, in-distribution test, mechanism strength > 0"
                Applies = fun s -> world "world-c" "id" s && s.Data.MechanismStrength > 0.
        }
    ]

    /// Judges every claim of the catalogue.
    let judge observations =
        all |> List.map (Claims.judge observations)
