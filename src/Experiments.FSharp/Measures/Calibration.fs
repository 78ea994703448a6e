namespace CausalDebiasing.Bench.Measures

/// Whether probabilities are as large as the risks are, in three numbers: see Van Calster and others, BMC Medicine 17:230, 2019.
type Calibration = {
    /// Events that were seen over events that were expected; 1 is right, below 1 risks are overestimated (Debray and others, BMJ 356:i6460,
    /// 2017). The interval is normal on the scale of logarithms.
    ObservedExpected: Measured
    /// Calibration in the large: intercept of a logistic regression of the outcome with the predicted logit as a known part; 0 is right
    /// (Cox, Biometrika 45, 1958).
    Intercept: Measured
    /// Slope of a logistic regression of the outcome on the predicted logit; 1 is right, below 1 predictions are too extreme.
    Slope: Measured
}

module Calibration =
    /// Of no predictions.
    let undefined = {
        ObservedExpected = Measured.undefined
        Intercept = Measured.undefined
        Slope = Measured.undefined
    }

    let private observedExpected (rows: JudgedRows) =
        let observed, expected = Array.sum rows.Outcomes, Array.sum rows.Probabilities

        if observed = 0. || expected = 0. then
            Measured.undefined
        else
            let ratio = observed / expected

            let error =
                JudgedRows.errorOfSum rows (fun row ->
                    (rows.Outcomes[row] - ratio * rows.Probabilities[row]) / observed)

            Measured.ofLogError ratio error

    /// All three; undefined where there is no estimate, as with one outcome class.
    let ofRows (rows: JudgedRows) =
        let count = rows.Outcomes.Length
        let ones = Array.create count 1.
        let logits = LogisticFit.logits rows.Probabilities

        let coefficient weights fit =
            fit
            |> Option.map (LogisticFit.combination weights)
            |> Option.defaultValue Measured.undefined

        {
            ObservedExpected = observedExpected rows
            Intercept = LogisticFit.tryFit [| ones |] logits rows |> coefficient [| 1. |]
            Slope =
                LogisticFit.tryFit [| ones; logits |] (Array.zeroCreate count) rows
                |> coefficient [| 0.; 1. |]
        }
