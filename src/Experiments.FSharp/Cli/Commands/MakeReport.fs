/// `report`: tables, figures and report from results that are there.
module CausalDebiasing.Bench.Cli.Commands.MakeReport

open System.IO
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Runtime

/// Copies predictions to where the user wants them.
let private take run (results: (string * CellResult) list) target =
    let distinct = results |> List.map snd |> List.distinctBy _.CellId
    let copied = KeptPredictions.copy run target distinct
    printfn $"{copied} of {distinct.Length} cells have predictions, now in '{Path.GetFullPath target}'."

    let recorded =
        distinct
        |> List.filter (fun result -> TestPredictions.isRecorded result.Cell.Data)
        |> List.map _.Cell.Data.Dataset
        |> List.distinct

    if not recorded.IsEmpty then
        printfn
            $"""They are of patients of {String.concat ", " recorded}, with their outcomes: only you can read them; keep them as the data's licence asks, and delete them when they are no longer needed."""

let run arguments =
    let options = Parsing.parse<ReportArgument> "report" arguments
    let folder = options.GetResult ReportArgument.Out

    let dataRoot = options.TryGetResult ReportArgument.Data_Root
    let planFile, results = FinishedRun.read folder dataRoot

    if results.IsEmpty then
        raise (InputException $"'{folder}' (--out) holds no finished cell: run '{planFile.Command}' again.")

    Conclusion.write (Suite.dataAccess dataRoot) folder results

    options.TryGetResult ReportArgument.Predictions
    |> Option.iter (take folder results)

    Exit.Success
