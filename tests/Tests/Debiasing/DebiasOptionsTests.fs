module CausalDebiasing.Tests.Debiasing.DebiasOptionsTests

open System
open Expecto
open CausalDebiasing
open CausalDebiasing.Debiasing
open CausalDebiasing.Training
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
                    DebiasOptions(PatternResampling = 1.1), "PatternResampling 1.1 is outside [0, 1]"
                    DebiasOptions(PatternResampling = nan), "PatternResampling NaN is outside [0, 1]"
                    DebiasOptions(ModalityDrop = 0.3, PatternResampling = 0.5), "both hide modalities"
                    DebiasOptions(SwapStart = 1.1), "SwapStart 1.1 is outside [0, 1]"
                    DebiasOptions(Patterns = enum<PatternUse> 7), "PatternUse 7 does not exist"
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
                    DebiasOptions(Practice = PracticeUse.WhereEvident, Branch = BranchMethod.AttentionSplit)
                    DebiasOptions(
                        Weighting = RowWeighting.LogitAdjustment,
                        Adjustment = PatternAdjustment.Exact
                    )
                ] do
                Expect.stringContains (refusal options) "offset the logit of the plain head" "refused"

        testCase "what has nothing to act on is refused"
        <| fun () ->
            for options, said in
                [
                    DebiasOptions(SwapStart = 0.3), "set Branch RelativeDifficulty"
                    DebiasOptions(TemperedDifficulty = false), "set Branch RelativeDifficulty"
                ] do
                Expect.stringContains (refusal options) said said

        testCase "what acts on a network is refused for another predictor"
        <| fun () ->
            for options, name in
                [
                    DebiasOptions(Selection = Nullable SelectionRule.LastEpoch), "Selection"
                    DebiasOptions(
                        Branch = BranchMethod.RelativeDifficulty,
                        Weighting = RowWeighting.LabelBalance
                    ),
                    "Branch"
                ] do
                Expect.stringContains
                    (InputErrors.message (fun () -> CausalDebias.Wrap(Toy.create "logistic", options)))
                    $"'logistic' has no representation and no epochs, on which {name} acts"
                    name

        testCase "an adjustment is refused of trees that read the pattern off their inputs"
        <| fun () ->
            use trees = Toy.create "lightgbm"

            for preset in [ "paper"; "md-exact" ] do
                let options = DebiasOptions.Presets[preset]
                let said = InputErrors.message (fun () -> CausalDebias.Wrap(trees, options))
                Expect.stringContains said "'lightgbm' reads the missingness pattern off its inputs" preset
                Expect.equal (CausalDebias.Refusal(trees, options)) said "before it is wrapped"

            Expect.isNull (CausalDebias.Refusal(trees, DebiasOptions.Recommended)) "nothing against others"

        testCase "a wrapped predictor is not wrapped again"
        <| fun () ->
            use wrapped = CausalDebias.Wrap(Toy.create "logistic")

            Expect.stringContains
                (InputErrors.message (fun () -> CausalDebias.Wrap wrapped))
                "'logistic' is wrapped already"
                "refused"

        testCase "every preset is accepted by a network"
        <| fun () ->
            for options in DebiasOptions.Presets.Values do
                wrap options
    ]
