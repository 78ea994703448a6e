module CausalDebiasing.Tests.Main

open Expecto
open CausalDebiasing.Tests.Predictors

[<EntryPoint>]
let main args =
    match args with
    | [| "predict-from-checkpoint"; path |] -> CheckpointTests.predictInThisProcess path
    | _ -> runTestsInAssemblyWithCLIArgs [] args
