/// What a run would do, said and not done.
module CausalDebiasing.Bench.Cli.DryRun

open System
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Reporting
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

        $"""by those on disk about {ReportParts.plural (int (Math.Ceiling minutes)) "minute"} with {ReportParts.plural jobs "worker"}"""

let private sayWhole (request: RunPlan.Request) (items: WorkItem list) =
    let count name property =
        ReportParts.plural (items |> List.map property |> List.distinct |> List.length) name

    let whole = [
        count "data set" (fun item -> fst (DatasetName.parse item.Cell.Data.Dataset))
        count "baseline" _.Cell.Baseline
        count "variant" (_.Cell.Variant >> Variant.name)
        count "seed" (_.Cell.Data.Seed >> string)
    ]

    printfn $"""{String.concat ", " whole}."""

    let stored = Store.read request.Folder

    let left rerun =
        items
        |> List.filter (fun item ->
            match Todo.standing stored rerun item with
            | Unfinished _ -> true
            | Finished _ -> false)

    let todo, onDisk = left request.Rerun, items.Length - (left Nothing).Length

    let rest =
        if todo.IsEmpty then
            "none is to compute"
        else
            $"{todo.Length} to compute: {duration request.Runner.Jobs stored todo}"

    printfn
        $"""{ReportParts.plural items.Length "distinct cell"}, {onDisk} on disk; {rest}. Nothing was run."""

/// Every cell that a plan has, and what they are as a whole.
let say catalog (request: RunPlan.Request) =
    let plan = request.Plan.Plan

    for line in RunPlan.describe plan do
        printfn $"{line}"

    let items = Todo.items catalog plan
    List.iter sayItem items
    sayWhole request items
