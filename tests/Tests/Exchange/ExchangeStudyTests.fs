module CausalDebiasing.Tests.Exchange.ExchangeStudyTests

open System
open System.Collections.Generic
open System.IO
open System.Text.Json
open Expecto
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Exchange
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Catalogue
open CausalDebiasing.Cohorts
open CausalDebiasing.Predictors
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.TempFolder

let private access = {
    Root = None
    Cache = None
    Report = ignore
}

let data: DataSpec = {
    Dataset = "acquisition"
    MissingRate = Some 0.3
    Mechanism = Acquisition
    MechanismStrength = 0.5
    Confounding = 0.7
    Signal = 1.
    TrainSize = Some 400
    Unbiased = false
    Seed = 3
}

/// A world's study with few rows to test on, so that a test is quick.
let study =
    lazy
        (let content, study = Suite.study access data
         let few (cohort: Cohort) = cohort.Select([| 0..299 |])

         content,
         {
             Train = study.Train
             Validation = few study.Validation
             Tests = [
                 for test in study.Tests ->
                     {
                         test with
                             Cohort = few test.Cohort
                             BayesProbability = None
                             DoProbability = None
                     }
             ]
         })

let item variant =
    Todo.item (Suite.catalog access) {
        Data = data
        Baseline = "logistic"
        Variant = variant
        Hyperparameters = Map.empty
    }

let laboratory folder predictor = {
    Suite.laboratory access folder false with
        Study = fun _ -> study.Value
        Predictor = fun _ _ -> predictor
}

let private logistic () =
    (BaselineCatalog.Find(Suite.baselines.Value, "logistic")).Create()

let private make variant =
    let content, study = study.Value
    ExchangeStudy.make data variant content study

/// What a model of this build predicts from nothing but the study's rows, weights and offsets.
let private predictions (asked: ExchangeStudy) : IReadOnlyDictionary<string, float32> =
    use model = logistic ()

    model.Fit(
        asked.Train.Rows,
        asked.Validation.Rows,
        FitContext(
            Seed = (CellFit.context data Variant.plain (FitCache())).Seed,
            SampleWeights = asked.Train.OffsetWeights,
            Offsets = asked.Train.Offsets,
            ValidationOffsets = asked.Validation.Offsets
        )
    )

    let found = Dictionary()

    for request in asked.Requests do
        for key, probability in Array.zip request.Keys (model.PredictProbability request.Rows) do
            found.Add(key, probability)

    found

let private header (file: string) =
    (File.ReadLines file |> Seq.head).Split ','

[<Tests>]
let tests =
    Trained.tests "exchanged study" [
        for variant in [ Variant.plain; Variant.recommended ] do
            testCase
                $"a model that is given the {variant} study's rows alone has the metrics of the baseline itself"
            <| fun () ->
                withFolder (fun folder ->
                    let own =
                        RunCell(laboratory folder (CellFit.around variant (logistic ()))).Run(item variant)

                    let asked = make variant
                    let replay = CellFit.around variant (new Replay(asked, predictions asked))
                    let scored = RunCell(laboratory folder replay).Run(item variant)
                    Expect.equal (own.Status, own.Error) (Done, "") "own"
                    Expect.equal (scored.Status, scored.Error) (Done, "") "scored"

                    for a, b in List.zip own.Measures scored.Measures do
                        Expect.floatClose Accuracy.high b.Auroc a.Auroc $"AUROC {a.Condition}"
                        Expect.floatClose Accuracy.medium b.LogLoss a.LogLoss $"log loss {a.Condition}"

                    Expect.equal
                        (scored.Diagnostics.TryFind "recalibration.slope")
                        (own.Diagnostics.TryFind "recalibration.slope")
                        "what the add-on finds")

        testCase "the recommended study has thinned copies, weights, offsets and rows to check patterns by"
        <| fun () ->
            let plain, recommended = make Variant.plain, make Variant.recommended
            Expect.notEqual plain.Hash recommended.Hash "hash"
            Expect.equal plain.Train.Rows.Count 400 "as it is"
            Expect.isGreaterThan recommended.Train.Rows.Count 430 "copies"
            Expect.allEqual plain.Train.Offsets 0f "no offset"
            Expect.allEqual plain.Train.Weights 1f "no weight"
            Expect.isGreaterThan (Array.max recommended.Train.Offsets) 0.1f "offset"

            Expect.isGreaterThan
                recommended.Train.Rows.MissingRate
                (plain.Train.Rows.MissingRate + 0.01)
                "thinned"

            let checks =
                recommended.Requests
                |> List.filter (fun request -> request.Purpose = PatternCheck)

            Expect.equal
                checks.Length
                8
                "pattern checks: two of the validation rows and of each of three tests"

            Expect.equal (plain.Requests |> List.map _.Purpose |> List.head) Selection "validation first"

        testCase
            "validation rows weigh what training rows do where patterns are weights, and no more beside offsets"
        <| fun () ->
            let validation name =
                (make (Variant.parse "--variants" name)).Validation

            for name in [ "label-balance"; "positivity" ] do
                Expect.isGreaterThan (Array.max (validation name).OffsetWeights) 1.05f name

            Expect.allEqual (validation "recommended").OffsetWeights 1f "recommended"
            Expect.isGreaterThan (Array.max (validation "recommended").Weights) 1.05f "without offsets"

        testCase "the hash is that of condition, variant and rows"
        <| fun () ->
            let content, whole = study.Value
            Expect.equal (make Variant.plain).Hash (make Variant.plain).Hash "same"

            let labels = whole.Train.Labels.ToArray()
            labels[0] <- 1f - labels[0]

            let other = {
                whole with
                    Train = whole.Train.WithLabels labels
            }

            Expect.notEqual
                (ExchangeStudy.make data Variant.plain content other).Hash
                (make Variant.plain).Hash
                "another outcome"

        testCase "files hold no outcome, site or patient of a test, and can be read by their owner alone"
        <| fun () ->
            withFolder (fun parent ->
                let folder = Path.Combine(parent, "study")
                let asked = make Variant.recommended
                StudyFolder.write folder AsCsv data Variant.recommended asked
                let described = StudyFile.read (Path.Combine(folder, StudyFile.name))
                Expect.equal described.Study asked.Hash "hash"
                Expect.equal (StudyFile.data described) data "condition"

                for part in described.Predict do
                    let columns = header (Path.Combine(folder, part.File))

                    if part.Purpose <> "validation" then
                        for hidden in [ "outcome"; "site"; "patient"; "weight"; "offset" ] do
                            Expect.isFalse (Array.contains hidden columns) $"{hidden} of {part.File}"

                    let lines = File.ReadAllLines(Path.Combine(folder, part.File))
                    Expect.equal (lines.Length - 1) part.Rows $"rows of {part.File}"

                let validation = File.ReadAllLines(Path.Combine(folder, described.Validation))

                Expect.stringStarts
                    validation[1]
                    asked.Requests.Head.Keys[0]
                    "keys are those that are asked for"

                if not (OperatingSystem.IsWindows()) then
                    let others =
                        UnixFileMode.GroupRead
                        ||| UnixFileMode.OtherRead
                        ||| UnixFileMode.GroupExecute
                        ||| UnixFileMode.OtherExecute

                    for path in Array.append [| folder |] (Directory.GetFiles folder) do
                        Expect.equal (File.GetUnixFileMode path &&& others) UnixFileMode.None path)

        testCase "Parquet and csv hold the same"
        <| fun () ->
            withFolder (fun folder ->
                let rows = [ for i in 0..2 -> i ]

                let columns = [
                    "row", RowColumn.Text(fun i -> $"k{i}")
                    "x.0", RowColumn.Number(fun i -> if i = 1 then nanf else 0.1f * float32 i)
                    "x.observed", RowColumn.Flag(fun i -> i <> 1)
                ]

                let read format =
                    let file = Path.Combine(folder, $"t.{RowTable.extension format}")
                    RowTable.write file format rows.Length columns
                    let cells = ResizeArray<string list>()

                    TableFile.iterate file (List.map fst columns) (fun _ row ->
                        cells.Add [ for cell in row -> cell |> Option.ofObj |> Option.defaultValue "-" ])

                    List.ofSeq cells

                Expect.equal (read AsParquet) (read AsCsv) "cells"
                Expect.equal (read AsCsv).[1] [ "k1"; "-"; "false" ] "a value that is missing")

        testCase "columns that differ in capital letters alone are refused"
        <| fun () ->
            withFolder (fun folder ->
                let column = RowColumn.Whole id

                let message =
                    InputErrors.message (fun () ->
                        RowTable.write (Path.Combine(folder, "t.csv")) AsCsv 1 [
                            "Labs.0", column
                            "labs.0", column
                        ])

                Expect.stringContains message "'Labs.0' and 'labs.0'" "which")

        testCase "what a network of this suite alone can be is refused"
        <| fun () ->
            for name in [ "paper"; "jtt"; "plain-standardised" ] do
                Expect.throwsT<CausalDebiasing.Runtime.InputException>
                    (fun () -> ExchangeVariant.require "--variants" (Variant.parse "--variants" name))
                    name

            ExchangeVariant.require "--variants" Variant.recommended
    ]
