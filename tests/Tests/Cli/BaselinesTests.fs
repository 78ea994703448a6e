module CausalDebiasing.Tests.Cli.BaselinesTests

open Expecto
open CausalDebiasing.Bench.Cli.Commands
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Predictors
open CausalDebiasing.Training
open CausalDebiasing.Tests.Support

let private lines width =
    (Baselines.describe width Toy.catalog).Split '\n' |> List.ofArray

let private rows width =
    lines width |> List.filter (fun line -> line.StartsWith "|")

[<Tests>]
let tests =
    Trained.tests "baselines table" [
        testCase "every baseline is one line with what it is"
        <| fun () ->
            let rows = rows ConsoleTable.unlimited
            Expect.equal rows.Length (2 + Toy.baselineIds.Length) "header, rule, rows"

            for baseline in Toy.catalog do
                let row = rows |> List.find (fun row -> row.Contains $"| {baseline.Info.Id} ")
                Expect.stringContains row baseline.Info.Title "title"
                Expect.stringContains row (string baseline.Info.Family) "family"

                for parameter in baseline.Hyperparameters do
                    Expect.stringContains row $"{parameter.Name} {parameter.Default}" "hyper-parameter"

        testCase "a narrow console gets fewer columns, never broken lines"
        <| fun () ->
            for width in [ 80; 100; 120 ] do
                let rows = rows width
                Expect.equal rows.Length (2 + Toy.baselineIds.Length) "one line each"
                Expect.all rows (fun row -> row.Length <= width) $"fits {width}"
                Expect.exists (lines width) (fun line -> line.StartsWith "A wider console") "says so"

        testCase "the parameter count is that of the network"
        <| fun () ->
            // Four encoders of 16 features and a fusion, both Linear-ReLU-Linear of width 32, and a head.
            match Toy.create "zero-fill-mlp" with
            | :? NeuralPredictor as neural ->
                let train, validation, _ =
                    Toy.draws {
                        Toy.standard with
                            Rows = 100
                            Missing = 0.0
                    }

                let counted = neural.CountParameters train.Modalities
                Expect.equal neural.ParameterCount 0L "nothing was fitted"
                (neural :> IPredictor).Fit(train, validation, Toy.context 1)
                Expect.equal neural.ParameterCount counted "as after a fit"
            | other -> failtest $"{other.Name} is no network"
    ]
