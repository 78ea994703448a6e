module CausalDebiasing.Tests.Main

open Expecto
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Tests.Predictors
open CausalDebiasing.Tests.Support

[<EntryPoint>]
let main args =
    Culture.useInvariant ()

    match args with
    | [| "predict-from-checkpoint"; path |] -> CheckpointTests.predictInThisProcess path
    | [| "scale"; folder; rows |] -> ScaleMeasurement.measure folder (int64 rows)
    | [| "coverage"; dataSets |] -> CoverageMeasurement.measure dataSets
    | _ -> runTestsInAssemblyWithCLIArgs [] args
