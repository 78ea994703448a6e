namespace CausalDebiasing.Bench.Running.Slurm

open System.IO
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running.Cluster

/// Where a task stands, by the scheduler and by what it has left in the store.
type TaskStanding = {
    /// Name of its array.
    Array: string
    Number: int
    State: TaskState
    Cells: WorkItem list
    /// Those of its cells that have not been computed since it was made.
    Left: WorkItem list
}

module TaskStanding =
    /// How a task ended that the scheduler no longer knows.
    let private forgotten = "ended"

    let private states (jobs: QueuedJob list) =
        Map [
            for job in jobs do
                match job.Number with
                | Some number -> (job.Name, number), job.State
                | None -> ()
        ]

    /// All tasks of a submission, given what the queue shows and what the folder holds. Accounts are asked for tasks that the queue
    /// no longer shows and that left cells.
    let all folder (stored: StoredCells) (submission: Submission) (jobs: QueuedJob list) =
        let states = states jobs

        let standings = [
            for array in submission.Arrays do
                for number, task in List.indexed (TaskFile.readAll folder array.Name) do
                    let left =
                        task.Cells
                        |> List.filter (TaskCell.isComputed folder (Store.find stored) >> not)

                    {
                        Array = array.Name
                        Number = number
                        State =
                            Map.tryFind (array.Name, number) states |> Option.defaultValue (Ended forgotten)
                        Cells = task.Cells |> List.map _.Item
                        Left = left |> List.map _.Item
                    }
        ]

        let isUnclear standing =
            standing.State = Ended forgotten && not standing.Left.IsEmpty

        let jobOf =
            Map [
                for array in submission.Arrays do
                    match array.JobId with
                    | Some job -> array.Name, job
                    | None -> ()
            ]

        let unclear =
            standings |> List.filter isUnclear |> List.map _.Array |> List.distinct

        let accounts = unclear |> List.choose jobOf.TryFind |> Queue.accounts

        standings
        |> List.map (fun standing ->
            jobOf.TryFind standing.Array
            |> Option.bind (fun job -> Map.tryFind (job, standing.Number) accounts)
            |> Option.filter (fun _ -> isUnclear standing)
            |> Option.map (fun how -> { standing with State = Ended how })
            |> Option.defaultValue standing)

    /// The cells that tasks are still going to compute, by id.
    let live (standings: TaskStanding list) =
        Map [
            for standing in standings do
                if standing.State.IsLive then
                    for item in standing.Left do
                        item.CellId, standing.State
        ]

    /// The tasks that ended with cells that neither they nor any later task has computed or is going to; a cell that several had
    /// counts for the last.
    let unfinished (standings: TaskStanding list) =
        let step standing (later: Set<string>, found) =
            let own =
                standing.Left |> List.filter (fun item -> not (later.Contains item.CellId))

            let later = Set.union later (set [ for item in standing.Left -> item.CellId ])

            if standing.State.IsLive || own.IsEmpty then
                later, found
            else
                later, { standing with Left = own } :: found

        List.foldBack step standings (Set.empty, []) |> snd

    /// One line on a task that ended without all of its cells: how, and where it says more.
    let describe folder standing =
        let remedy =
            match standing.State with
            | Ended "TIMEOUT" -> "; it needs more --time, or fewer --cells-per-task"
            | Ended "OUT_OF_MEMORY" -> "; it needs more --mem"
            | _ -> ""

        let how =
            match standing.State with
            | Ended how -> how
            | Queued _
            | Running -> "live"

        let log =
            Path.Combine(TaskFile.folder folder standing.Array, $"task-{standing.Number}.log")

        $"Task {standing.Number} of {standing.Array}: {how}, {standing.Left.Length} of {standing.Cells.Length} cells left{remedy}; what it said is in '{log}'."
