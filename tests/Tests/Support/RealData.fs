module CausalDebiasing.Tests.Support.RealData

open Expecto
open CausalDebiasing.Bench.Datasets

/// The data set, read without a cache; skips the test when it is not there.
let load name =
    let access = {
        Root = DataRoot.resolve None
        Cache = None
        Report = ignore
    }

    let dataset = (DatasetCatalog.tryFind name).Value

    match dataset.Status access.Root with
    | Absent reason -> skiptest reason
    | Present _ -> dataset.Load access
