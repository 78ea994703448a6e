/// What does the add-on do on data that a user names?
module CausalDebiasing.Bench.Experiments.RealData

open System.IO
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running

/// The experiment that a data set belongs to: itself, or for a path its last part.
let private experiment dataset =
    match Path.GetFileNameWithoutExtension(fst (DatasetName.parse dataset)) with
    | null
    | "" -> dataset
    | name -> name

/// The profile's baselines and variants on the data sets, at their own size.
let plan catalog profile (datasets: string list) =
    let scope = Scope.ofProfile catalog profile

    [
        for dataset in datasets do
            Plan.ofGrid catalog (experiment dataset) {
                Grid.asRecorded (Scope.acquisition scope) with
                    Datasets = [ dataset ]
                    Baselines = scope.Baselines
                    TrainSizes = [ None ]
            }
    ]
    |> List.fold Plan.append Plan.empty
