/// Runs what is left of a plan and keeps the results: the effects behind `reproduce` and `sweep`.
module CausalDebiasing.Bench.Cli.RunPlan

open System
open System.Collections.Generic
open System.IO
open System.Threading
open System.Threading.Tasks
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Running.Slurm

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

/// Renames results that cannot be believed, so that their cells count as missing, says so, and gives what is left.
let setCorruptAside (stored: StoredCells) (items: WorkItem list) : StoredCells =
    (stored, items)
    ||> List.fold (fun stored item ->
        match Store.find stored item.CellId with
        | Corrupt(file, reason) ->
            Store.setAside file

            eprintfn
                $"'{file}' cannot be believed ({reason}): set aside as .corrupt, the cell is computed again."

            Map.remove item.CellId stored
        | _ -> stored)

let private removeDamagedOracles folder =
    for file in OracleFile.damaged (RunFolder.cache folder) do
        File.Delete file
        eprintfn $"'{file}' does not match its checksum: deleted, the number is computed again."

/// Computes the cells and adds their results to `results`.
let private compute request startWorker (results: Dictionary<string, CellResult>) (todo: WorkItem list) =
    let keep (finished: CellResult -> unit) (item: WorkItem) result =
        Store.write request.Folder {
            Identity = item.Identity
            Result = result
        }

        results[item.CellId] <- result
        finished result

    task {
        use interruption = new Interruption()

        if not todo.IsEmpty then
            do!
                Progress.during todo.Length (fun finished ->
                    Runner(request.Runner, startWorker, keep finished).Run(todo, interruption.Token))

        return interruption.Token.IsCancellationRequested
    }

/// What runs a request, beginning now.
let environment request engine = {
    RunEnvironment.capture request.Plan.Command request.Runner.Jobs with
        Engine = engine
}

/// Writes down what is asked for and what runs it, and finds what is left of it: what the folder holds, and the cells that are missing, stale or asked
/// for again. The folder is the caller's.
let prepare catalog request environment (items: WorkItem list) =
    PlanFile.write request.Folder request.Plan
    RunEnvironment.write request.Folder environment
    removeDamagedOracles request.Folder
    let stored = setCorruptAside (KeptPredictions.storeOf request.Folder) items

    stored,
    items
    |> List.filter (fun item ->
        (Todo.standing stored request.Rerun item).IsUnfinished
        && not (Catalog.isScored catalog item.Cell.Baseline))

let private found (stored: StoredCells) (items: WorkItem list) =
    items
    |> List.choose (fun item ->
        match Store.find stored item.CellId with
        | Found known -> Some known.Result
        | NotFound
        | Corrupt _ -> None)

/// How a run ended by what its folder holds.
let ended request isInterrupted (items: WorkItem list) =
    let found = found (KeptPredictions.storeOf request.Folder) items

    {
        Results = Todo.results request.Plan.Plan items found
        Missing = items.Length - found.Length
        IsInterrupted = isInterrupted
    }

/// Computes the cells that are missing, stale or asked for again. Raises InputException before anything runs
/// when the folder cannot be used, and WorkersDoNotStart.
let run catalog (startWorker: CancellationToken -> Task<Result<IWorker, string>>) request =
    let items = Todo.items catalog request.Plan.Plan
    Submission.requireIdle request.Folder
    use _ = RunFolder.take request.Folder
    let environment = RunEnvironment.capture request.Plan.Command request.Runner.Jobs
    let stored, todo = prepare catalog request environment items
    let results = Dictionary()

    for result in found stored items do
        results[result.CellId] <- result

    printfn
        $"{items.Length} cells: {items.Length - todo.Length} on disk, {todo.Length} to compute with {request.Runner.Jobs} workers into {request.Folder}."

    let isInterrupted =
        (compute request startWorker results todo).GetAwaiter().GetResult()

    RunEnvironment.write request.Folder {
        environment with
            EndedUtc = Some DateTime.UtcNow
    }

    {
        Results = Todo.results request.Plan.Plan items (List.ofSeq results.Values)
        Missing = items.Length - results.Count
        IsInterrupted = isInterrupted
    }
