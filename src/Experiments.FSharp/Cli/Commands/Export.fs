/// `export`: studies as files that any language reads.
module CausalDebiasing.Bench.Cli.Commands.Export

open System.IO
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Exchange
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Runtime

let private format =
    function
    | "parquet" -> AsParquet
    | "csv" -> AsCsv
    | other -> raise (InputException $"--format '{other}' is unknown: give 'parquet' or 'csv'.")

/// Stands for whatever learns from the files; nothing of a study depends on it.
let private standIn = "logistic"

let private write folder format access (cell: Cell) =
    let content, study = Suite.study access cell.Data
    let made = ExchangeStudy.make cell.Data cell.Variant content study
    let name = StudyFolder.name cell.Data cell.Variant made
    StudyFolder.write (Path.Combine(folder, name)) format cell.Data cell.Variant made

    let asked = made.Requests |> List.sumBy (fun request -> request.Rows.Count)
    printfn $"{name}: {made.Train.Rows.Count} rows to learn from, {asked} to predict"

let run arguments =
    let options = Parsing.parse<ExportArgument> "export" arguments
    // As workers do: with another number of threads the last digits differ.
    TorchRuntime.Threads <- 1
    let folder = options.GetResult ExportArgument.Out

    let format =
        options.GetResult(ExportArgument.Format, defaultValue = "parquet") |> format

    let variants = ConditionAxes.variants options

    List.iter (ExchangeVariant.require "--variants") variants
    let access = Suite.dataAccess (options.TryGetResult ExportArgument.Data_Root)
    let datasets = ConditionAxes.datasets access options

    let plan =
        ConditionAxes.plan (Suite.catalogWith access datasets []) datasets [ standIn ] variants 1 options

    for note in plan.Notes do
        printfn $"{note}"

    for planned in plan.Cells do
        write folder format access planned.Cell

    let recorded =
        plan.Cells
        |> List.map _.Cell.Data.Dataset
        |> List.distinct
        |> List.filter (fun name -> (WorldCatalog.tryFind name).IsNone)

    if not recorded.IsEmpty then
        let names = String.concat ", " recorded

        printfn
            $"'{Path.GetFullPath folder}' now holds values and training outcomes of the patients of {names}: its studies can be read by you alone; keep them as the data's licence asks, and delete them when they are no longer needed."

    Exit.Success
