/// Runs what is left of a plan and keeps the results: the effects behind `reproduce` and `sweep`.
module CausalDebiasing.Bench.Cli.RunPlan

open System
open System.Threading.Tasks
open CausalDebiasing.Bench.Sweeping

/// What is asked for.
type Request = {
    Folder: string
    Plan: PlanFile
    Rerun: Rerun
    Runner: RunnerOptions
}

/// How it ended.
type End = {
    /// Finished cells with their experiments, those of earlier runs included.
    Results: (string * CellResult) list
    /// Cells of the plan without a result.
    Missing: int
    IsInterrupted: bool
}

/// Lines on a plan: its size by experiment, and what was left out.
let describe (plan: Plan) = [
    for experiment, cells in plan.Cells |> List.countBy (fun planned -> planned.Experiment) do
        $"{experiment}: {cells} cells"

    yield! plan.Notes
]

let private setCorruptAside folder (items: WorkItem list) =
    for item in items do
        match Store.find folder item.CellId with
        | Corrupt file ->
            Store.setAside file
            eprintfn $"'{file}' is not a complete result: set aside as .corrupt, the cell is computed again."
        | _ -> ()

let private keep folder (finished: CellResult -> unit) (item: WorkItem) (result: CellResult) =
    Store.write folder {
        Identity = item.Identity
        Result = result
    }

    finished result

let private compute request startWorker (todo: WorkItem list) =
    task {
        use interruption = new Interruption()

        if not todo.IsEmpty then
            do!
                Progress.during todo.Length (fun finished ->
                    Runner(request.Runner, startWorker, keep request.Folder finished)
                        .Run(todo, interruption.Token))

        return interruption.Token.IsCancellationRequested
    }

/// Computes the cells that are missing, stale or asked for again. Raises InputException before anything runs
/// when the folder cannot be used, and WorkersDoNotStart.
let run catalog (startWorker: unit -> Task<Result<IWorker, string>>) request =
    let items = Todo.items catalog request.Plan.Plan
    use _ = RunFolder.take request.Folder

    let environment = RunEnvironment.capture request.Plan.Command request.Runner.Jobs

    PlanFile.write request.Folder request.Plan
    RunEnvironment.write request.Folder environment
    setCorruptAside request.Folder items
    let stored = Store.all request.Folder

    let todo =
        items
        |> List.filter (fun item ->
            match Todo.standing request.Folder stored request.Rerun item with
            | Unfinished _ -> true
            | Finished _ -> false)

    printfn
        $"{items.Length} cells: {items.Length - todo.Length} on disk, {todo.Length} to compute with {request.Runner.Jobs} workers into {request.Folder}."

    let isInterrupted = (compute request startWorker todo).GetAwaiter().GetResult()

    RunEnvironment.write request.Folder {
        environment with
            EndedUtc = Some DateTime.UtcNow
    }

    let found =
        items
        |> List.choose (fun item ->
            match Store.find request.Folder item.CellId with
            | Found stored -> Some stored.Result
            | _ -> None)

    {
        Results = Todo.results request.Plan.Plan items found
        Missing = items.Length - found.Length
        IsInterrupted = isInterrupted
    }
