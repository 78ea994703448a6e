/// A small run on heart disease, as documents on a study see it.
module CausalDebiasing.Tests.Support.TestedStudy

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Measures
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Reporting

let card: CohortCard = {
    Dataset = "heart-uci"
    Patients = 411
    Rows = 920
    Events = 509
    Exclusions = [
        {
            Reason = "outcome unknown"
            Rows = 17
        }
    ]
    Absent = []
    ImplausibleValues = 23
    Sites = [
        {
            Site = "cleveland"
            Patients = 303
            Rows = 303
            Prevalence = 0.459
        }
        {
            Site = "va"
            Patients = 200
            Rows = 200
            Prevalence = 0.745
        }
    ]
    Parts = [
        {
            Part = "training"
            Patients = 644
            Rows = 644
            Prevalence = 0.553
        }
        {
            Part = "test"
            Patients = 184
            Rows = 184
            Prevalence = 0.554
        }
    ]
    Modalities = [
        {
            Modality = "fluoroscopy"
            MissingRate = 0.664
            PrevalenceObserved = 0.466
            PrevalenceMissing = 0.597
        }
    ]
    MaskAuroc = 0.608
}

let results = [
    for site, auroc in [ "cleveland", 0.8; "va", 0.7 ] do
        for variant, gain in [ Variant.plain, 0.; Variant.recommended, 0.02 ] ->
            SyntheticResults.cell
                {
                    SyntheticResults.physionet 1 with
                        Dataset = $"heart-uci@site:{site}"
                }
                "logistic"
                variant
                $"site:{site}"
                (auroc + gain)
]

let measured value = {
    Value = value
    Low = value - 0.1
    High = value + 0.1
}

let findings: PatientFindings =
    let rows =
        ClusteredRisks.draw 1 300 1 1. [ ClusteredRisks.right ] |> List.exactlyOne

    let variant: VariantFindings = {
        Calibration = {
            ObservedExpected = measured 1.23
            Intercept = measured 0.1
            Slope = measured 0.87
        }
        Curve = None
        NetBenefits = []
        Subgroups = [
            {
                Kind = "site"
                Groups = (Subgroups.ofNames 0.3 "site" (Array.init 300 (fun i -> string (i % 2))) rows).Groups
                Suppressed = 0
                WorstAurocGap = 0.111
                WorstObservedExpectedGap = 0.2
            }
        ]
    }

    {
        Data = {
            SyntheticResults.physionet 0 with
                Dataset = "heart-uci"
        }
        Condition = "site left out"
        Baseline = "logistic"
        Replicates = 2
        Rows = 503
        Patients = 499
        Events = 288
        Plain = variant
        Recommended = variant
        BeforeRecalibration = None
        Gain = measured 0.021
        GainByDeLong = measured 0.021
        NetBenefitGain = []
    }

let source: StudySource = {
    Environment = [
        "Command", "sweep --dataset heart-uci --leave-out all"
        "Suite", "1.2.3.4"
        "Commit", "abcdef0"
        "Selection", "BestEpoch on validation rows"
    ]
    Results = results
    Observations = Observation.ofResults [ for result in results -> "sweep", result ]
    Data = [
        for site in [ "cleveland"; "va" ] ->
            {
                Name = $"heart-uci@site:{site}"
                Title = "coronary angiography at four hospitals"
                Licence = "CC BY 4.0"
                Card = card
                Groups = fun _ _ -> []
            }
    ]
    Findings = [ findings ]
}
