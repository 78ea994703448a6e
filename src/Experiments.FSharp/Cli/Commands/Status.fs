/// `status`: what of a run is done, failed or left, and why.
module CausalDebiasing.Bench.Cli.Commands.Status

open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Running.Slurm

/// The tasks of a run that was given to Slurm, as the scheduler and the store show them; none where Slurm does not answer.
let private tasks folder stored =
    match Submission.tryRead folder with
    | None -> []
    | Some submission ->
        match Queue.ask (Submission.names submission) with
        | Ok jobs -> TaskStanding.all folder stored submission jobs
        | Error _ ->
            eprintfn "Slurm does not answer here: what it is at work on is not known."
            []

let private countTasks (tasks: TaskStanding list) =
    let name task =
        match task.State with
        | Queued reason -> $"queued ({reason})"
        | Running -> "running"
        | Ended _ when task.Left.IsEmpty -> "done"
        | Ended how -> $"ended with cells left ({how})"

    for state, count in tasks |> List.countBy name do
        printfn $"Tasks {state}: {count}"

/// Where a cell is that has no result.
let private place (live: Map<string, TaskState>) (item: WorkItem) reason =
    match live.TryFind item.CellId with
    | Some(Queued reason) -> $"Queued ({reason})"
    | Some _ -> "In a running task"
    | None -> $"To compute ({reason})"

let private name (item: WorkItem) =
    $"{item.CellId} {item.Cell.Baseline} {item.Cell.Variant} {item.Cell.Data.Dataset} seed {item.Cell.Data.Seed}"

let run arguments =
    let options = Parsing.parse<FolderArgument> "status" arguments
    let folder = options.GetResult FolderArgument.Out
    let planFile = PlanFile.read folder

    let stored = KeptPredictions.storeOf folder

    let items =
        FinishedRun.items (options.TryGetResult FolderArgument.Data_Root) planFile.Plan stored

    let standings =
        items |> List.map (fun item -> item, Todo.standing stored Nothing item)

    let tasks = tasks folder stored
    let live = TaskStanding.live tasks

    printfn $"{planFile.Command}"
    printfn $"{items.Length} cells planned, {planFile.Plan.Skipped.Length} skipped for want of data."

    for status, count in
        standings
        |> List.choose (function
            | _, Finished result -> Some result.Status
            | _ -> None)
        |> List.countBy id do
        printfn $"{status}: {count}"

    for place, count in
        standings
        |> List.choose (function
            | item, Unfinished reason -> Some(place live item reason)
            | _ -> None)
        |> List.countBy id do
        printfn $"{place}: {count}"

    countTasks tasks

    for task in TaskStanding.unfinished tasks do
        printfn $"{TaskStanding.describe folder task}"

    for item, standing in standings do
        match standing with
        | Finished { Status = Failed | TimedOut } & Finished result ->
            printfn $"{result.Status} {name item}: {result.Error}"
        | _ -> ()

    Exit.Success
