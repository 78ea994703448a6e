namespace CausalDebiasing.Bench.Measures

open CausalDebiasing.Bench.Results

/// What a cell's predictions for one test are worth to whoever decides by them.
type TestMeasures = {
    Condition: string
    Rows: int
    Patients: int
    Events: int
    /// With the interval of DeLong.
    Auroc: Measured
    Calibration: Calibration
    /// Without recalibration; undefined where nothing is recalibrated, or it was not kept.
    CalibrationBefore: Calibration
    /// See `CalibrationCurve.MeanDistance`; NaN where there is no curve.
    CurveDistance: float
    /// At the thresholds of `Classification`.
    NetBenefits: NetBenefit list
    Classifications: Classification list
}

module TestMeasures =
    /// Raise it with a change of what is computed: what was remembered is then computed again.
    let version = 2

    /// The measures of a test.
    let ofTest (test: TestPredictions) =
        let rows = JudgedRows.ofTest test

        {
            Condition = test.Condition
            Rows = rows.Outcomes.Length
            Patients = rows.PatientCount
            Events = JudgedRows.events rows
            Auroc = DeLong.auroc rows
            Calibration = Calibration.ofRows rows
            CalibrationBefore =
                JudgedRows.tryBeforeRecalibration test
                |> Option.map Calibration.ofRows
                |> Option.defaultValue Calibration.undefined
            CurveDistance =
                CalibrationCurve.tryOf rows
                |> Option.map _.MeanDistance
                |> Option.defaultValue nan
            NetBenefits = [ for threshold in Classification.thresholds -> NetBenefit.at threshold rows ]
            Classifications = [
                for threshold in Classification.thresholds -> Classification.at threshold rows
            ]
        }
