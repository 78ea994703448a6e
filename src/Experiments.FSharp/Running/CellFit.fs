/// What the fit of a cell is given besides its data, whoever fits.
module CausalDebiasing.Bench.Running.CellFit

open CausalDebiasing
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Cohorts
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime

/// Seed and scale of the inputs. Every method of a data condition gets the same seed, so that comparisons are paired.
let context (data: DataSpec) variant shared =
    FitContext(
        Seed = Seed(uint64 data.Seed).Derive "fit",
        InputScale =
            (if variant = Variant.plainStandardised then
                 InputScale.Standardised
             else
                 InputScale.PowerTransformed),
        Shared = shared
    )

/// The predictor in a variant: with the add-on around it unless the variant has no options.
let around variant (predictor: IPredictor) : IPredictor =
    match Map.tryFind variant Variant.options with
    | Some options -> CausalDebias.Wrap(predictor, options)
    | None -> predictor
