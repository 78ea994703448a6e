namespace CausalDebiasing.Bench.Reporting

open System
open System.Globalization
open CausalDebiasing.Bench.Evidence

/// Numbers as tables and sentences show them; a dash for what is undefined.
module NumberText =
    let private format (pattern: string) (value: float) =
        if Double.IsNaN value then
            "-"
        else
            value.ToString(pattern, CultureInfo.InvariantCulture)

    /// Three decimals.
    let number value = format "0.000" value

    /// Three decimals with sign.
    let signed value = format "+0.000;-0.000;0.000" value

    /// A share as a percentage.
    let percent (value: float) =
        if Double.IsFinite value then
            format "0" (100. * value) + " %"
        else
            "-"

    /// A p-value.
    let pValue (p: float) =
        if p < 0.001 then "< 0.001" else number p

    /// A difference with its 95 % interval.
    let interval (estimate: Estimate) =
        if Double.IsNaN estimate.Low then
            signed estimate.Mean
        else
            $"{signed estimate.Mean} [{signed estimate.Low}, {signed estimate.High}]"

    /// A mean with its 95 % interval.
    let level (estimate: Estimate) =
        if Double.IsNaN estimate.Low then
            number estimate.Mean
        else
            $"{number estimate.Mean} [{number estimate.Low}, {number estimate.High}]"
