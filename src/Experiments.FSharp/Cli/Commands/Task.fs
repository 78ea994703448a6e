/// `task`: computes the cells of one task of a scheduler; not for people.
module CausalDebiasing.Bench.Cli.Commands.Task

open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Running.Cluster

/// Many tasks write into a folder at a time, each cell into a file of its own under a name that is whole or absent; nothing is locked.
let private keep folder finished (item: WorkItem) result =
    Store.write folder {
        Identity = item.Identity
        Result = result
    }

    finished result

let run arguments =
    let options = Parsing.parse<TaskArgument> "task" arguments
    let folder = options.GetResult TaskArgument.Out

    let task =
        TaskFile.read folder (options.GetResult TaskArgument.Tasks) (options.GetResult TaskArgument.Number)

    let left =
        task.Cells
        |> List.filter (TaskCell.isComputed folder (Store.readCell folder) >> not)
        |> List.map _.Item

    let runner =
        SharedOptions.runner
            (options.TryGetResult TaskArgument.Jobs)
            (options.TryGetResult TaskArgument.Cell_Timeout)
            false

    let startWorker =
        SharedOptions.startWorker
            folder
            (options.TryGetResult TaskArgument.Data_Root)
            (not (options.Contains TaskArgument.No_Predictions))

    use interruption = new Interruption()
    printfn $"{task.Cells.Length} cells: {left.Length} to compute."

    if not left.IsEmpty then
        let work =
            Progress.during left.Length (fun finished ->
                Runner(runner, startWorker, keep folder finished).Run(left, interruption.Token))

        work.GetAwaiter().GetResult()

    if interruption.Token.IsCancellationRequested then
        eprintfn "Interrupted."
        Exit.Interrupted
    else
        Exit.Success
