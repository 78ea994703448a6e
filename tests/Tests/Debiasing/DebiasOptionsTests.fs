module CausalDebiasing.Tests.Debiasing.DebiasOptionsTests

open Expecto
open CausalDebiasing
open CausalDebiasing.Debiasing
open CausalDebiasing.Tests.Support

let private wrap (options: DebiasOptions) =
    (CausalDebias.Wrap(Toy.create "zero-fill-mlp", options)).Dispose()

let private refusal options =
    InputErrors.message (fun () -> wrap options)

[<Tests>]
let tests =
    testSequenced
    <| testList "options" [
        testCase "what is out of range is refused by its name"
        <| fun () ->
            for options, said in
                [
                    DebiasOptions(ModalityDrop = 1.0), "ModalityDrop 1 is outside [0, 1)"
                    DebiasOptions(ModalityDrop = nan), "ModalityDrop NaN is outside [0, 1)"
                    DebiasOptions(ModalityDrop = 0.9, ModalityDropSpread = 0.2), "ModalityDropSpread 0.2"
                    DebiasOptions(SwapStart = 1.1), "SwapStart 1.1 is outside [0, 1]"
                ] do
                Expect.stringContains (refusal options) said said

        testCase "what needs a label balance says so"
        <| fun () ->
            for options, name in
                [
                    DebiasOptions(Patterns = PatternUse.KeptAsInTraining), "Patterns"
                    DebiasOptions(Recalibrate = true), "Recalibrate"
                    DebiasOptions(Recalibrate = true, Weighting = RowWeighting.Propensity), "Recalibrate"
                ] do
                Expect.stringContains
                    (refusal options)
                    $"{name} needs Weighting LabelBalance or LogitAdjustment"
                    name

        testCase "an offset that a head would not read is refused"
        <| fun () ->
            for options in
                [
                    DebiasOptions(Practice = PracticeUse.WhereEvident, WideHead = true)
                    DebiasOptions(
                        Weighting = RowWeighting.LogitAdjustment,
                        Adjustment = PatternAdjustment.Exact
                    )
                ] do
                Expect.stringContains (refusal options) "offset the logit of the plain head" "refused"

        testCase "every preset is accepted by a network"
        <| fun () ->
            for options in DebiasOptions.Presets.Values do
                wrap options
    ]
