/// The recorded data sets of results, as their cards describe them.
module CausalDebiasing.Bench.Cli.RecordedData

open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Bench.Results
open CausalDebiasing.Runtime

let private tryRead access name =
    match DatasetCatalog.tryFind name with
    | None -> None
    | Some dataset ->
        try
            let loaded = dataset.Load access

            Some {
                Name = name
                Title = dataset.Title
                Licence = dataset.Licence
                Card = CohortCard.publish loaded.Card
                Groups = RecordedGroups.ofTest (DatasetStudy.withoutValues loaded) dataset.Division
            }
        with :? InputException ->
            None

/// Those that are there, each division of a data set once; data that cannot be read now are left out.
let ofResults access (results: (string * CellResult) list) : StudyData list =
    results
    |> List.map (fun (_, result) -> result.Cell.Data)
    |> List.filter TestPredictions.isRecorded
    |> List.map _.Dataset
    |> List.distinct
    |> List.choose (tryRead access)
