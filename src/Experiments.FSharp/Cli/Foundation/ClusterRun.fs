/// What a run in tasks of a scheduler has in common, whichever that is.
module CausalDebiasing.Bench.Cli.ClusterRun

open System
open System.Globalization
open System.IO
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Running.Cluster

/// What workers are told wherever they are.
type Flags = {
    DataRoot: string option
    KeepsPredictions: bool
}

let private self (arguments: string list) =
    let how =
        DotNetHost.start (Reflection.Assembly.GetExecutingAssembly().Location) arguments

    how.FileName :: List.ofSeq how.ArgumentList

let private dataRoot option =
    match DataRoot.resolve option with
    | Some root -> [ DataRoot.optionName; root ]
    | None -> []

/// The command of tasks of a name, but for the number of the task.
let taskCommand (request: RunPlan.Request) flags name =
    self (
        [
            "task"
            "--out"
            Path.GetFullPath request.Folder
            "--tasks"
            name
            "--jobs"
            string request.Runner.Jobs
            "--cell-timeout"
            request.Runner.CellTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)
        ]
        @ (if flags.KeepsPredictions then
               []
           else
               [ "--no-predictions" ])
        @ dataRoot flags.DataRoot
    )

/// The command that gathers the results.
let collectCommand (folder: string) flags =
    self ([ "collect"; "--out"; Path.GetFullPath folder ] @ dataRoot flags.DataRoot)

/// Divides cells into tasks.
let tasks folder shape (stored: StoredCells) (items: WorkItem list) =
    items
    |> Packing.pack shape (CellSeconds.estimate (Store.results stored))
    |> List.map (fun items -> {
        Cells = items |> List.map (TaskCell.create folder)
    })
