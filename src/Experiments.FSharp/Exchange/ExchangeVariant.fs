/// Variants that a model of another language can be judged in.
module CausalDebiasing.Bench.Exchange.ExchangeVariant

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Debiasing
open CausalDebiasing.Runtime

/// Those that need nothing but one fit on given rows: no network's representation, no second fit, no further inputs, and no
/// scale of the inputs, which is the model's own matter.
let all =
    Variant.all
    |> List.filter (fun variant ->
        match Map.tryFind variant Variant.options with
        | Some options ->
            not options.NeedsRepresentation
            && not options.JustTrainTwice
            && options.Adjustment = PatternAdjustment.None
        | None -> variant <> Variant.plainStandardised)

/// Why no model from outside can be had in a variant, if it cannot.
let refusal variant =
    if List.contains variant all then
        None
    else
        Some "it needs a network of this suite, so that no model from outside can have it."

/// Raises InputException, naming those that there are, for a variant that is none of them.
let require option variant =
    if not (List.contains variant all) then
        let known = all |> List.map (fun known -> $"'{known}'") |> String.concat ", "

        raise (
            InputException
                $"{option} '{variant}' needs a network of this suite, so that no model from outside can have it: choose among {known}."
        )
