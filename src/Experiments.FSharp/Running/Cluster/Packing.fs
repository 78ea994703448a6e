namespace CausalDebiasing.Bench.Running.Cluster

open System
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results

/// How large tasks are.
type TaskShape = {
    /// Workers of a task, on a core each.
    Workers: int
    /// Time limit of a task.
    Limit: TimeSpan
    /// Cells of a task; as many as take some minutes if not given.
    CellsPerTask: int option
}

/// Cells into tasks: few enough for a scheduler, short enough that little is lost with one.
module Packing =
    /// What a task is made to take, unless its limit is short.
    let private usual = TimeSpan.FromMinutes 10.

    /// What a task is made to take under a time limit: the estimate may be wrong by a factor of three.
    let target (limit: TimeSpan) = min usual (limit / 3.)

    /// Cells of one data condition together, as a worker keeps the last study that it made.
    let private byCondition (items: WorkItem list) =
        items
        |> List.groupBy (fun item -> { item.Cell.Data with Unbiased = false })
        |> List.collect (snd >> List.sortBy _.Cell.Data.Unbiased)

    let private bySeconds (capacity: float) (secondsOf: Cell -> float) (items: WorkItem list) =
        let seconds = items |> List.map (_.Cell >> secondsOf)
        let total = List.sum seconds
        let count = ceil (total / capacity)
        let before = seconds |> List.scan (+) 0. |> List.truncate items.Length

        // A cell belongs to the task in which its middle lies.
        List.zip3 items seconds before
        |> List.groupBy (fun (_, seconds, before) -> floor ((before + seconds / 2.) / total * count))
        |> List.map (fun (_, cells) -> cells |> List.map (fun (item, _, _) -> item))

    /// Divides cells into tasks, by number where that is given, else into tasks of about the same length by the estimate of seconds.
    let pack shape secondsOf (items: WorkItem list) =
        let items = byCondition items

        match shape.CellsPerTask with
        | Some size -> List.chunkBySize size items
        | None ->
            let capacity = float shape.Workers * (target shape.Limit).TotalSeconds
            bySeconds capacity secondsOf items
