module CausalDebiasing.Tests.Debiasing.OptionsAppliedTests

open System
open System.Collections.Generic
open Expecto
open CausalDebiasing
open CausalDebiasing.Cohorts
open CausalDebiasing.Debiasing
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support
open CausalDebiasing.Training

/// All options, as a value that can be changed in one place.
type private Chosen = {
    Adjustment: PatternAdjustment
    Branch: BranchMethod
    SwapStart: float
    TemperedDifficulty: bool
    Selection: SelectionRule option
    Weighting: RowWeighting
    ModalityDrop: float
    PatternResampling: float
    Patterns: PatternUse
    Recalibrate: bool
    Practice: PracticeUse
    GroupObjective: GroupObjective
    JustTrainTwice: bool
}

let private options chosen =
    DebiasOptions(
        Adjustment = chosen.Adjustment,
        Branch = chosen.Branch,
        SwapStart = chosen.SwapStart,
        TemperedDifficulty = chosen.TemperedDifficulty,
        Selection = Option.toNullable chosen.Selection,
        Weighting = chosen.Weighting,
        ModalityDrop = chosen.ModalityDrop,
        PatternResampling = chosen.PatternResampling,
        Patterns = chosen.Patterns,
        Recalibrate = chosen.Recalibrate,
        Practice = chosen.Practice,
        GroupObjective = chosen.GroupObjective,
        JustTrainTwice = chosen.JustTrainTwice
    )

let private nothing =
    let defaults = DebiasOptions()

    {
        Adjustment = defaults.Adjustment
        Branch = defaults.Branch
        SwapStart = defaults.SwapStart
        TemperedDifficulty = defaults.TemperedDifficulty
        Selection = Option.ofNullable defaults.Selection
        Weighting = defaults.Weighting
        ModalityDrop = defaults.ModalityDrop
        PatternResampling = defaults.PatternResampling
        Patterns = defaults.Patterns
        Recalibrate = defaults.Recalibrate
        Practice = defaults.Practice
        GroupObjective = defaults.GroupObjective
        JustTrainTwice = defaults.JustTrainTwice
    }

/// By option, the ways to set it.
let private settings: (string * (Chosen -> Chosen) list) list =
    let each (values: 'a seq) set = [ for value in values -> fun chosen -> set chosen value ]

    let flag set = each [ false; true ] set

    [
        "Adjustment", each (Enum.GetValues<PatternAdjustment>()) (fun c v -> { c with Adjustment = v })
        "Branch", each (Enum.GetValues<BranchMethod>()) (fun c v -> { c with Branch = v })
        "SwapStart", each [ nothing.SwapStart; 1. ] (fun c v -> { c with SwapStart = v })
        "TemperedDifficulty", flag (fun c v -> { c with TemperedDifficulty = v })
        "Selection",
        each [ None; Some SelectionRule.ValidationAuroc; Some SelectionRule.LastEpoch ] (fun c v -> {
            c with
                Selection = v
        })
        "Weighting", each (Enum.GetValues<RowWeighting>()) (fun c v -> { c with Weighting = v })
        "ModalityDrop", each [ 0.; 0.3; 0.5 ] (fun c v -> { c with ModalityDrop = v })
        "PatternResampling", each [ 0.; 0.5; 1. ] (fun c v -> { c with PatternResampling = v })
        "Patterns", each (Enum.GetValues<PatternUse>()) (fun c v -> { c with Patterns = v })
        "Recalibrate", flag (fun c v -> { c with Recalibrate = v })
        // The others differ where kinds are hidden only: the tests of hidden practice tell them apart.
        "Practice", each [ PracticeUse.None; PracticeUse.WhereEvident ] (fun c v -> { c with Practice = v })
        "GroupObjective", each (Enum.GetValues<GroupObjective>()) (fun c v -> { c with GroupObjective = v })
        "JustTrainTwice", flag (fun c v -> { c with JustTrainTwice = v })
    ]

/// Training, validation and test rows whose patterns tell the outcome and whose values tell little or much of it, and rows of
/// which nothing tells it, where later epochs are worse: what a choice does, some rows may not show. The first are of two kinds, which
/// hidden practice alone is tried with.
let private cohorts =
    let rows make shift seed =
        let draw number =
            make {
                Toy.standard with
                    Rows = 400
                    Shift = shift
                    Seed = seed + number
            }

        draw 1, draw 2, draw 3

    let ofTwoKinds =
        let all, _ = ToyConfounded.draw 1.0 1f
        let part first last = all.Select [| first..last |]
        part 0 1799, part 1800 2399, part 2400 2999

    [
        ofTwoKinds
        rows Toy.outcomeLinked 0.3 0
        rows Toy.outcomeLinked 1.0 0
        for seed in [ 0; 10; 20; 30 ] do
            rows Toy.cohort 0.0 seed
    ]

let private wrap (id: string) chosen =
    CausalDebias.Wrap(Toy.create id, options chosen)

/// What a fit predicts: what it says of itself could repeat an option that it did not apply.
let private shown (known: Dictionary<Chosen * int, float32[]>) id chosen number =
    match known.TryGetValue((chosen, number)) with
    | true, found -> found
    | _ ->
        let train, validation, test = cohorts[number]
        use predictor = wrap id chosen
        predictor.Fit(train, validation, FitContext(Seed = Toy.seed 3, MostEpochs = 12))

        let found = predictor.PredictProbability test
        known[(chosen, number)] <- found
        found

let private isRefused id chosen =
    try
        (wrap id chosen).Dispose()
        false
    with :? InputException as refusal ->
        Expect.isFalse (refusal.Message.Contains '\n') "one line"
        Expect.isTrue (settings |> List.exists (fst >> refusal.Message.Contains)) refusal.Message
        true

/// A draw of all options, most of them as they are without.
let private draw (random: Random) =
    (nothing, settings)
    ||> List.fold (fun chosen (name, ways) ->
        // The search takes seconds; as a change it is tried below, once.
        if name <> "Practice" && random.NextDouble() < 0.25 then
            ways[random.Next ways.Length] chosen
        else
            chosen)

[<Tests>]
let tests =
    Trained.tests "options applied" [
        testCase "the draws know every option"
        <| fun () ->
            let own = [
                for property in typeof<DebiasOptions>.GetProperties() do
                    if property.CanWrite then
                        property.Name
            ]

            Expect.equal (List.sort (List.map fst settings)) (List.sort own) "options"

        for id, draws in [ "zero-fill-mlp", 8; "lightgbm", 8; "logistic", 8 ] do
            testCase $"{id}: options are refused, or every one of them changes the fit"
            <| fun () ->
                let random, known = Random 11, Dictionary()
                let mutable accepted, changes = 0, 0
                let silent = ResizeArray<string>()

                for _ in 1..draws do
                    let chosen = draw random

                    if not (isRefused id chosen) then
                        accepted <- accepted + 1

                        for name, ways in settings do
                            let others = ways |> List.map (fun way -> way chosen) |> List.filter ((<>) chosen)
                            let other = others[random.Next others.Length]
                            let isDear = name = "Practice" && accepted > 1

                            if not (isDear || isRefused id other) then
                                changes <- changes + 1

                                let isShown =
                                    (if name = "Practice" then
                                         [ 0 ]
                                     else
                                         [ 1 .. cohorts.Length - 1 ])
                                    |> List.exists (fun number ->
                                        shown known id chosen number <> shown known id other number)

                                if not isShown then
                                    silent.Add $"{name}: {options other} beside {options chosen}"

                printfn "%s" $"{id}: {accepted} of {draws} draws accepted, {changes} changes"
                Expect.equal (List.ofSeq silent) [] "changes that change nothing"
                Expect.isGreaterThan accepted (draws / 10) "accepted draws"
                Expect.isGreaterThan changes (2 * accepted) "accepted changes"
    ]
