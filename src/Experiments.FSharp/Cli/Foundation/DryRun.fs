/// What a run would do, said and not done.
module CausalDebiasing.Bench.Cli.DryRun

open System
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running.Cluster

let private hyperparameters (cell: Cell) =
    cell.Hyperparameters
    |> Map.toList
    |> List.map (fun (name, value) -> $" %s{name}=%.4g{value}")
    |> String.concat ""

let private sayItem (item: WorkItem) =
    let data = item.Cell.Data
    let rate = data.MissingRate |> Option.map string |> Option.defaultValue "-"
    let size = data.TrainSize |> Option.map string |> Option.defaultValue "-"

    printfn
        $"{item.CellId} {data.Dataset} {item.Cell.Baseline} {item.Cell.Variant} rate={rate} mechanism={Mechanism.name data.Mechanism}:{data.MechanismStrength} confounding={data.Confounding} signal={data.Signal} rows={size} seed={data.Seed}{hyperparameters item.Cell}"

/// Nothing is known of how long a cell takes before one like it has been computed.
let private duration jobs stored (todo: WorkItem list) =
    if Seq.isEmpty (Store.results stored) then
        "how long that takes is told by the first cells of a run"
    else
        let secondsOf = CellSeconds.estimate (Store.results stored)
        let seconds = todo |> List.sumBy (_.Cell >> secondsOf)
        let minutes = TimeSpan.FromSeconds(seconds / float jobs).TotalMinutes
        $"by those on disk about {Math.Ceiling minutes} minutes with {jobs} workers"

let private sayWhole (request: RunPlan.Request) (items: WorkItem list) =
    let count property =
        items |> List.map property |> List.distinct |> List.length

    printfn
        $"{count _.Cell.Data.Dataset} data sets, {count _.Cell.Baseline} baselines, {count _.Cell.Variant} variants, {count _.Cell.Data.Seed} seeds."

    let stored = Store.read request.Folder

    let todo =
        items
        |> List.filter (fun item ->
            match Todo.standing stored request.Rerun item with
            | Unfinished _ -> true
            | Finished _ -> false)

    let left =
        if todo.IsEmpty then
            "none is to compute"
        else
            $"{todo.Length} to compute: {duration request.Runner.Jobs stored todo}"

    printfn $"{items.Length} distinct cells, {items.Length - todo.Length} on disk; {left}. Nothing was run."

/// Every cell that a plan has, and what they are as a whole.
let say catalog (request: RunPlan.Request) =
    let plan = request.Plan.Plan

    for line in RunPlan.describe plan do
        printfn $"{line}"

    let items = Todo.items catalog plan
    List.iter sayItem items
    sayWhole request items
