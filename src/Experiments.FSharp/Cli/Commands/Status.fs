/// `status`: what of a run is done, failed or left, and why.
module CausalDebiasing.Bench.Cli.Commands.Status

open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running

let run arguments =
    let options = Parsing.parse<FolderArgument> "status" arguments
    let folder = options.GetResult FolderArgument.Out
    let planFile = PlanFile.read folder

    let stored =
        Store.read folder |> KeptPredictions.verify (KeptPredictions.folders folder)

    let items =
        FinishedRun.items (options.TryGetResult FolderArgument.Data_Root) planFile.Plan stored

    let standings =
        items |> List.map (fun item -> item, Todo.standing stored Nothing item)

    printfn $"{planFile.Command}"
    printfn $"{items.Length} cells planned, {planFile.Plan.Skipped.Length} skipped for want of data."

    for status, count in
        standings
        |> List.choose (function
            | _, Finished result -> Some result.Status
            | _ -> None)
        |> List.countBy id do
        printfn $"{status}: {count}"

    for reason, count in
        standings
        |> List.choose (function
            | _, Unfinished reason -> Some reason
            | _ -> None)
        |> List.countBy id do
        printfn $"To compute ({reason}): {count}"

    for item, standing in standings do
        match standing with
        | Finished { Status = Failed | TimedOut } & Finished result ->
            printfn
                $"{result.Status} {item.CellId} {item.Cell.Baseline} {item.Cell.Variant} {item.Cell.Data.Dataset} seed {item.Cell.Data.Seed}: {result.Error}"
        | _ -> ()

    Exit.Success
