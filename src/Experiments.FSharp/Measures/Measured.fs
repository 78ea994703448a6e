namespace CausalDebiasing.Bench.Measures

open System

/// A number with its 95 % interval over patients; NaN where it is not defined.
type Measured = {
    Value: float
    Low: float
    High: float
}

module Measured =
    /// Half width of a 95 % interval in standard errors.
    let z = 1.959963984540054

    let undefined = { Value = nan; Low = nan; High = nan }

    /// A number without an interval.
    let exact value = { Value = value; Low = nan; High = nan }

    /// With a normal interval.
    let ofError value error = {
        Value = value
        Low = value - z * error
        High = value + z * error
    }

    /// With an interval that is normal on the scale of logarithms, for ratios.
    let ofLogError value errorOfLog = {
        Value = value
        Low = value * exp (-z * errorOfLog)
        High = value * exp (z * errorOfLog)
    }

    /// Whether there is a number.
    let isDefined measured = not (Double.IsNaN measured.Value)
