namespace CausalDebiasing.Bench.Measures

open System
open MathNet.Numerics
open MathNet.Numerics.Statistics

/// The risk that was seen at a predicted one, with a pointwise band over patients.
type CalibrationPoint = { Predicted: float; Observed: Measured }

/// A smooth curve of observed over predicted risk.
type CalibrationCurve = {
    Points: CalibrationPoint list
    /// Mean distance of the curve from the diagonal over the rows, the integrated calibration index (Austin and Steyerberg, Statistics
    /// in Medicine 38, 2019).
    MeanDistance: float
}

module CalibrationCurve =
    /// Places of the knots as shares of the rows, by Harrell, Regression Modeling Strategies, 2nd ed., table 2.3.
    let private knotShares = [| 0.05; 0.35; 0.65; 0.95 |]

    /// The curve is drawn where predictions are, not beyond their outermost hundredths.
    let private outermost = 0.01

    let private points = 41

    /// The restricted cubic spline of Harrell (equation 2.25): linear beyond the outer knots.
    let private basis (knots: float[]) (x: float) = [|
        yield 1.
        yield x
        let last = knots.Length - 1
        let cube value = (max 0. value) ** 3.

        for j in 0 .. last - 2 do
            let gap = knots[last] - knots[last - 1]

            yield
                (cube (x - knots[j])
                 - cube (x - knots[last - 1]) * (knots[last] - knots[j]) / gap
                 + cube (x - knots[last]) * (knots[last - 1] - knots[j]) / gap)
                / ((knots[last] - knots[0]) ** 2.)
    |]

    let private fitted knots fit x =
        let logit = LogisticFit.combination (basis knots x) fit

        {
            Value = SpecialFunctions.Logistic logit.Value
            Low = SpecialFunctions.Logistic logit.Low
            High = SpecialFunctions.Logistic logit.High
        }

    /// A logistic regression of the outcome on a restricted cubic spline of the predicted logit with four knots, or on the logit alone where
    /// predictions take few values (Van Calster and others, Journal of Clinical Epidemiology 74, 2016). None where there is no estimate.
    let tryOf (rows: JudgedRows) : CalibrationCurve option =
        let logits = LogisticFit.logits rows.Probabilities
        let quantile share = Statistics.Quantile(logits, share)
        let knots = knotShares |> Array.map quantile |> Array.distinct
        let knots = if knots.Length = knotShares.Length then knots else [| 0. |]
        let low, high = quantile outermost, quantile (1. - outermost)
        let known = logits |> Array.map (basis knots)

        let columns =
            Array.init known[0].Length (fun k -> known |> Array.map (fun row -> row[k]))

        if not (high > low) then
            None
        else
            LogisticFit.tryFit columns (Array.zeroCreate logits.Length) rows
            |> Option.map (fun fit ->
                let first, last = SpecialFunctions.Logistic low, SpecialFunctions.Logistic high

                let distance (row: float[]) predicted =
                    let logit =
                        Array.fold2 (fun sum b c -> sum + b * c) 0. row (fit.Coefficients.ToArray())

                    abs (SpecialFunctions.Logistic logit - predicted)

                {
                    Points = [
                        for i in 0 .. points - 1 do
                            let p = first + (last - first) * float i / float (points - 1)

                            {
                                Predicted = p
                                Observed = fitted knots fit (SpecialFunctions.Logit p)
                            }
                    ]
                    MeanDistance = Array.map2 distance known rows.Probabilities |> Array.average
                })
