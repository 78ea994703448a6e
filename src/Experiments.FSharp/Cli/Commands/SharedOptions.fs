/// Options that several verbs have, with their defaults and checks.
module CausalDebiasing.Bench.Cli.Commands.SharedOptions

open System
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Running.Cluster
open CausalDebiasing.Bench.Running.Slurm
open CausalDebiasing.Runtime

let private jobs count =
    match count with
    | None -> Environment.ProcessorCount
    | Some count when count >= 1 -> count
    | Some count ->
        raise (InputException $"--jobs {count} is out of range: give a whole number of at least 1.")

let private usualTimeout = TimeSpan.FromMinutes 30.

let private timeout seconds =
    match seconds with
    | None -> None
    | Some seconds when seconds > 0. && seconds <= 1e6 -> Some(TimeSpan.FromSeconds(seconds: float))
    | Some seconds ->
        raise (InputException $"--cell-timeout {seconds} is out of range: give seconds above 0.")

/// How workers of this machine run cells.
let runner count seconds failFast = {
    Jobs = jobs count
    CellTimeout = timeout seconds |> Option.defaultValue usualTimeout
    FailFast = failFast
}

/// How an engine runs cells.
let runnerOf engine count seconds failFast =
    let inTasks (shape: TaskShape) = {
        Jobs = shape.Workers
        CellTimeout = Engine.cellTimeout shape.Limit usualTimeout (timeout seconds)
        FailFast = false
    }

    match engine with
    | ThisMachine -> runner count seconds failFast
    | Slurm options -> inTasks options.Shape
    | Printed shape -> inTasks shape

/// Which results are computed again.
let rerun force failed =
    if force then Everything
    elif failed then FailedCells
    else Nothing

/// A worker that is not ready by then is given up: it normally takes seconds.
let private startLimit = TimeSpan.FromMinutes 2.

/// How to start a worker for a run into a folder.
let startWorker (folder: string) (dataRoot: string option) keepsPredictions stop =
    WorkerProcess.Start(
        DotNetHost.worker [
            "--out"
            folder
            if not keepsPredictions then
                "--no-predictions"
            match dataRoot with
            | Some root ->
                "--data-root"
                root
            | None -> ()
        ],
        startLimit,
        stop
    )

/// Writes the report of a run that ended, or only shows it where it is there, and gives the exit code.
let private conclude access isReported (request: RunPlan.Request) (ended: RunPlan.End) =
    for note in request.Plan.Plan.Notes do
        printfn $"{note}"

    let failed =
        ended.Results
        |> List.filter (fun (_, result) -> result.Status = Failed || result.Status = TimedOut)

    if ended.IsInterrupted then
        eprintfn
            $"Interrupted: {ended.Missing} cells are left; what is finished is in {request.Folder}. Run the same command again to go on."

        Exit.Interrupted
    else
        let conclude =
            if isReported then
                Conclusion.show
            else
                Conclusion.write access

        conclude request.Folder ended.Results

        if failed.IsEmpty && ended.Missing = 0 then
            Exit.Success
        else
            eprintfn
                $"{failed.Length} cells failed and {ended.Missing} are missing: see 'status --out {request.Folder}'; run again with --failed to repeat failed cells."

            Exit.CheckFailed

/// How a plan is run, where to, and whether it is run at all.
type Running = {
    Folder: string
    DataRoot: string option
    Engine: Engine
    Runner: RunnerOptions
    Rerun: Rerun
    /// Whether each patient's probability is kept.
    KeepsPredictions: bool
    IsDry: bool
}

/// What workers are told wherever they are.
let private flags running : ClusterRun.Flags = {
    DataRoot = running.DataRoot
    KeepsPredictions = running.KeepsPredictions
}

/// The report of a run whose tasks have all ended.
let private concludeTasks catalog access (request: RunPlan.Request) =
    use _ = RunFolder.take request.Folder
    let ended = Todo.items catalog request.Plan.Plan |> RunPlan.ended request false

    if ended.Results.IsEmpty then
        eprintfn $"No cell has a result: see 'status --out {request.Folder}'."
        Exit.CheckFailed
    else
        let code = conclude access false request ended
        Submission.collected request.Folder
        code

let private runInSlurm catalog access running options (request: RunPlan.Request) =
    SlurmRun.require ()

    match SlurmRun.run catalog options (flags running) request with
    | SlurmRun.Left submission ->
        eprintfn
            $"Interrupted: the tasks stay with Slurm ('scancel {Submission.jobs submission}' ends them). Run the same command again to come back to them."

        Exit.Interrupted
    | SlurmRun.Collected ->
        Todo.items catalog request.Plan.Plan
        |> RunPlan.ended request false
        |> conclude access true request
    | SlurmRun.Uncollected -> concludeTasks catalog access request

/// Runs what is left of a plan, or only says what would be run; gives the exit code.
let run catalog running (plan: PlanFile) =
    let request: RunPlan.Request = {
        Folder = running.Folder
        Plan = plan
        Rerun = running.Rerun
        Runner = running.Runner
    }

    let access = Suite.dataAccess running.DataRoot

    match running.Engine with
    | _ when running.IsDry ->
        DryRun.say catalog request
        Exit.Success
    | ThisMachine ->
        RunPlan.run catalog (startWorker running.Folder running.DataRoot running.KeepsPredictions) request
        |> conclude access false request
    | Slurm options -> runInSlurm catalog access running options request
    | Printed shape ->
        PrintedRun.run catalog shape (flags running) request
        Exit.Success
