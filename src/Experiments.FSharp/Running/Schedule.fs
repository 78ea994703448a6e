namespace CausalDebiasing.Bench.Running

open System.Collections.Generic
open CausalDebiasing.Bench.Results

/// Hands out cells so that a worker stays on one data condition as long as it can, since it keeps the last
/// study it built. Safe to call from several threads.
type Schedule(items: WorkItem list) =
    let groups =
        items
        |> List.groupBy (fun item -> { item.Cell.Data with Unbiased = false })
        |> List.map (fun (_, members) -> Queue(members |> List.sortBy (fun item -> item.Cell.Data.Unbiased)))

    let started = HashSet<Queue<WorkItem>>(HashIdentity.Reference)
    let gate = obj ()

    let waiting () =
        groups |> List.filter (fun group -> group.Count > 0)

    let pick (current: Queue<WorkItem> option) =
        match current with
        | Some group when group.Count > 0 -> Some group
        | _ ->
            match waiting () |> List.tryFind (started.Contains >> not) with
            | Some group -> Some group
            | None ->
                match waiting () with
                | [] -> None
                | shared -> Some(shared |> List.maxBy (fun group -> group.Count))

    /// The next cell for a worker and the group it belongs to; pass the group of the worker's last cell.
    member _.Next(current: Queue<WorkItem> option) =
        lock gate (fun () ->
            pick current
            |> Option.map (fun group ->
                started.Add group |> ignore
                group.Dequeue(), group))
