namespace CausalDebiasing.Bench.Evidence

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Measures
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results

/// What predictions of one variant are worth, over all rows of a comparison.
type VariantFindings = {
    Calibration: Calibration
    Curve: CalibrationCurve option
    /// At every threshold that is drawn.
    NetBenefits: NetBenefit list
    Subgroups: SubgroupKind list
}

/// A comparison at the level of patients, judged.
type PatientFindings = {
    Data: DataSpec
    Condition: string
    Baseline: string
    Replicates: int
    Rows: int
    Patients: int
    Events: int
    Plain: VariantFindings
    Recommended: VariantFindings
    /// Of the recommended variant without its recalibration, where that was kept.
    BeforeRecalibration: Calibration option
    /// Recommended minus plain.
    Gain: Measured
    GainByDeLong: Measured
    /// Recommended minus plain, by threshold.
    NetBenefitGain: (float * Measured) list
}

module PatientFindings =
    /// The share of events, at which as a threshold subgroups are judged.
    let share (findings: PatientFindings) =
        float findings.Events / float findings.Rows

    /// Decision curves end where hardly anybody's risk is as high.
    let private outermost = 0.99

    /// Thresholds of the decision curves: from 1 % to where one in a hundred predictions is.
    let private thresholds (rows: JudgedRows) =
        let highest =
            MathNet.Numerics.Statistics.Statistics.Quantile(rows.Probabilities, outermost)

        NetBenefit.thresholds
        |> List.filter (fun threshold -> threshold <= max 0.05 highest)

    let private ofVariant thresholds (comparison: PatientComparison) (rows: JudgedRows) = {
        Calibration = Calibration.ofRows rows
        Curve = CalibrationCurve.tryOf rows
        NetBenefits = thresholds |> List.map (fun threshold -> NetBenefit.at threshold rows)
        Subgroups = [
            for kind, names in comparison.Groups ->
                Subgroups.ofNames (Array.average rows.Outcomes) kind names rows
        ]
    }

    /// Judges a comparison.
    let ofComparison (comparison: PatientComparison) =
        let plain, recommended = comparison.Plain, comparison.Recommended
        let thresholds = thresholds plain

        {
            Data = comparison.Data
            Condition = comparison.Condition
            Baseline = comparison.Baseline
            Replicates = comparison.Pairs.Length
            Rows = plain.Outcomes.Length
            Patients = plain.PatientCount
            Events = JudgedRows.events plain
            Plain = ofVariant thresholds comparison plain
            Recommended = ofVariant thresholds comparison recommended
            BeforeRecalibration = comparison.BeforeRecalibration |> Option.map Calibration.ofRows
            Gain = PatientComparison.gain comparison
            GainByDeLong = PatientComparison.gainByDeLong comparison
            NetBenefitGain =
                thresholds
                |> List.map (fun threshold -> threshold, NetBenefit.difference threshold recommended plain)
        }

    /// What of a run is compared at the level of patients, judged one after the other, with how many comparisons are left out for
    /// their number. Comparisons without predictions are left out, too. `groups` are those of the rows of a test of recorded data, see
    /// `RecordedGroups`. Raises InputException for damaged predictions.
    let ofRun
        run
        (groups: DataSpec -> TestPredictions -> (string * string[]) list)
        (results: CellResult list)
        (observations: Observation list)
        =
        let folders = KeptPredictions.folders run
        let planned, others = PatientComparison.plan observations
        let byId = results |> List.map (fun result -> result.CellId, result) |> Map.ofList

        let predictions (planned: PlannedComparison) =
            readOnlyDict [
                for cellId in
                    planned.Replicates
                    |> List.collect (fun (_, plain, recommended) -> [ plain; recommended ])
                    |> List.distinct do
                    match KeptPredictions.read folders byId[cellId] with
                    | Ok tests -> cellId, tests
                    | Error _ -> ()
            ]

        planned
        |> List.choose (fun planned ->
            PatientComparison.tryMake
                (predictions planned)
                (fun cellId -> groups byId[cellId].Cell.Data)
                planned
            |> Option.map ofComparison),
        others
