module CausalDebiasing.Tests.Predictors.BaselineCatalogTests

open System
open Expecto
open CausalDebiasing.Catalogue
open CausalDebiasing.Predictors
open CausalDebiasing.Tests.Support

[<Baseline "throwing">]
type Throwing(hyperparameters: Hyperparameters) =
    do invalidOp $"no such thing\nand {hyperparameters}"

    interface IPredictor with
        member _.Name = "throwing"
        member _.Fit(_, _, _) = ()
        member _.PredictProbability(cohort) = Array.zeroCreate cohort.Count
        member _.Save(_) = ()
        member _.Load(_) = ()
        member _.Dispose() = ()

[<Tests>]
let tests =
    testList "baseline catalogue" [
        testCase "a constructor that fails is told with its baseline and the cause"
        <| fun () ->
            let found = BaselineCatalog.Discover typeof<Throwing>.Assembly
            let message = InputErrors.message (fun () -> found[0].Create() |> ignore)

            for part in [ "'throwing'"; "InvalidOperationException"; "no such thing and" ] do
                Expect.stringContains message part part
    ]
