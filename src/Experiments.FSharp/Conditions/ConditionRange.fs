namespace CausalDebiasing.Bench.Conditions

open System
open CausalDebiasing.Runtime

/// The values that the numbers of a condition may have. Every check raises InputException naming the option.
module ConditionRange =
    let private require option what isGood value =
        if not (isGood value) then
            raise (InputException $"{option} {value} is out of range: give {what}.")

    let missingRate =
        require "--missing-rate" "a share of at least 0 and below 1" (fun (rate: float) ->
            rate >= 0. && rate < 1.)

    let mechanismStrength =
        require "--mechanism-strength" "a number of at least 0" (fun (slope: float) ->
            slope >= 0. && Double.IsFinite slope)

    let confounding =
        require "--confounding" "a number from 0 to 1" (fun (kappa: float) -> kappa >= 0. && kappa <= 1.)

    let signal =
        require "--signal" "a number above 0" (fun (strength: float) ->
            strength > 0. && Double.IsFinite strength)

    /// So many rows at least.
    let trainSize least =
        require "--train-size" $"a whole number of at least {least}" (fun (rows: int) -> rows >= least)

    /// Checks all numbers of a condition.
    let check (spec: DataSpec) =
        Option.iter missingRate spec.MissingRate
        mechanismStrength spec.MechanismStrength
        confounding spec.Confounding
        signal spec.Signal
        Option.iter (trainSize 1) spec.TrainSize
