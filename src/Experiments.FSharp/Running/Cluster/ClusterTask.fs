namespace CausalDebiasing.Bench.Running.Cluster

open System.IO
open System.Text.Json
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Results
open CausalDebiasing.Runtime

/// A cell that a task of a scheduler is to compute.
type TaskCell = {
    Item: WorkItem
    /// Fingerprint of the stored result that is to be replaced; None where there is none.
    Replaces: string option
}

/// The cells of one task; never empty.
type ClusterTask = { Cells: TaskCell list }

module TaskCell =
    /// The cell as it is to be computed on what the folder holds now.
    let create folder (item: WorkItem) = {
        Item = item
        Replaces = Store.fingerprint folder item.CellId
    }

    /// Whether the cell has been computed since the task was made, by what `lookup` finds for its id. A task that starts anew, since
    /// its node failed, goes on from there.
    let isComputed folder lookup cell =
        match lookup cell.Item.CellId, cell.Replaces with
        | Found _, None -> true
        | Found _, replaced -> Store.fingerprint folder cell.Item.CellId <> replaced
        | NotFound, _
        | Corrupt _, _ -> false

/// Tasks in a file of their own in the run's folder, a line each under its checksum, so that a run of many tasks costs one file.
module TaskFile =
    /// The folder of what belongs to tasks of a name: their file, and what they said.
    let folder run name = Path.Combine(run, "cluster", name)

    let private path run name =
        Path.Combine(folder run name, "tasks.jsonl")

    /// Writes the tasks of a name.
    let write run name (tasks: ClusterTask list) =
        let lines = tasks |> List.map (Json.write >> Checksum.seal)
        AtomicFile.writeText (path run name) (String.concat "\n" lines + "\n")

    let private parse run name (line: string) : ClusterTask =
        let refuse reason =
            raise (
                InputException
                    $"'{path run name}' holds tasks that cannot be believed ({reason}): run the command that made it again."
            )

        try
            match Checksum.unseal line with
            | Ok json -> Json.read json
            | Error reason -> refuse reason
        with :? JsonException ->
            refuse "they have another form"

    let private lines run name =
        try
            File.ReadLines(path run name)
        with
        | :? FileNotFoundException
        | :? DirectoryNotFoundException ->
            raise (
                InputException
                    $"There is no '{path run name}': the run's folder must be one that this machine shares with that of the command that made it."
            )

    /// All tasks of a name, in their order. Raises InputException when they are not there or cannot be believed.
    let readAll run name =
        lines run name |> Seq.map (parse run name) |> List.ofSeq

    /// The task of a number, from 0. Raises InputException when it is not there or cannot be believed.
    let read run name number =
        match lines run name |> Seq.tryItem number with
        | Some line -> parse run name line
        | None ->
            raise (
                InputException $"'{path run name}' has no task {number}: give a number of its lines, from 0."
            )
