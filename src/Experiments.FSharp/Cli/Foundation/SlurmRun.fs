/// A run in job arrays of Slurm: gives it the cells that are missing, and waits for them.
module CausalDebiasing.Bench.Cli.SlurmRun

open System
open System.Diagnostics
open System.IO
open System.Threading
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running.Slurm

/// How it ended.
type End =
    /// Nobody has written the report yet.
    | Uncollected
    /// The collecting job has written the report.
    | Collected
    /// The coordinator was asked to leave; the tasks stay with Slurm.
    | Left of Submission

let private isLive (jobs: QueuedJob list) = jobs |> List.exists _.State.IsLive

let private ask submission =
    match Queue.ask (Submission.names submission) with
    | Ok jobs -> jobs
    | Error refusal -> Queue.refuse "squeue" refusal

/// Raises InputException where Slurm cannot be spoken to.
let require () =
    match SlurmProgram.run "sbatch" [ "--version" ] with
    | Ok _ -> ()
    | Error refusal -> Queue.refuse "sbatch" refusal

/// What a submission that is not collected has computed already, which `--force` does not ask for again.
let private computedSince (standings: TaskStanding list) =
    set [
        for standing in standings do
            for item in List.except standing.Left standing.Cells do
                item.CellId
    ]

let private describe (submission: Submission) =
    let ids = submission.Arrays |> List.choose _.JobId |> String.concat ", "

    let collecting =
        match submission.Collecting with
        | Some job -> $"; {job.JobId} collects"
        | None -> ""

    $"Jobs {ids}{collecting}. Ctrl-C leaves them with Slurm, and the same command comes back to them."

/// Submits what is neither done nor with Slurm; gives what is there then.
let private submit catalog (options: SlurmOptions) flags (request: RunPlan.Request) =
    let folder = request.Folder
    let items = Todo.items catalog request.Plan.Plan
    use _ = RunFolder.share folder

    let previous =
        Submission.tryRead folder
        |> Option.filter (fun earlier -> not earlier.IsCollected)

    let stored, todo =
        RunPlan.prepare catalog request (RunPlan.environment request "slurm") items

    let jobs = previous |> Option.map ask |> Option.defaultValue []

    let standings =
        match previous with
        | Some submission -> TaskStanding.all folder stored submission jobs
        | None -> []

    let live = TaskStanding.live standings

    let since =
        if request.Rerun = Everything then
            computedSince standings
        else
            Set.empty

    let missing =
        todo
        |> List.filter (fun item -> not (live.ContainsKey item.CellId || since.Contains item.CellId))

    let tasks = ClusterRun.tasks folder options.Shape stored missing

    printfn
        $"{items.Length} cells: {items.Length - missing.Length - live.Count} on disk, {live.Count} with Slurm, {missing.Length} to submit in {tasks.Length} tasks of {options.Shape.Workers} workers into {folder}."

    if tasks.IsEmpty && not (isLive jobs) then
        None
    else
        let full = Path.GetFullPath folder

        let submitted =
            Submitting.submit
                {
                    Folder = full
                    Options = options
                    Task = ClusterRun.taskCommand request flags
                    Collect = ClusterRun.collectCommand full flags
                }
                previous
                jobs
                tasks

        match submitted.Refused with
        | Some(count, words) ->
            eprintfn
                $"Slurm did not take {count} of {tasks.Length} tasks: {words} Run the same command again once others have ended."
        | None -> ()

        printfn $"{describe submitted.Submission}"
        Some submitted.Submission

/// Between two looks at the queue, at first and at most.
let private firstWait, longestWait =
    TimeSpan.FromSeconds 2., TimeSpan.FromSeconds 30.

/// How many cells have a result; nothing where results are computed again, whose files are there before.
let private countCells (request: RunPlan.Request) (ids: Set<string>) =
    match request.Rerun with
    | Rerun.Nothing -> $"{(Set.intersect ids (Store.ids request.Folder)).Count}/{ids.Count} cells, "
    | FailedCells
    | Everything -> ""

let private show (clock: Stopwatch) (cells: string) (jobs: QueuedJob list) =
    let tasks = jobs |> List.filter _.Number.IsSome
    let running = tasks |> List.filter (fun task -> task.State = Running)

    let queued =
        tasks
        |> List.choose (fun task ->
            match task.State with
            | Queued reason -> Some reason
            | _ -> None)
        |> List.countBy id
        |> List.map (fun (reason, count) -> $", {count} queued ({reason})")
        |> String.concat ""

    let collecting =
        if isLive jobs && not (isLive tasks) then
            ", the report is next"
        else
            ""

    $"{cells}{running.Length} tasks running{queued}{collecting}, {int clock.Elapsed.TotalMinutes}:{clock.Elapsed.Seconds:D2} elapsed"

/// Waits until nothing of a submission is live. Slurm may not answer for a while.
let private wait request ids submission (stop: CancellationToken) =
    let clock = Stopwatch.StartNew()
    let mutable pause = firstWait
    let mutable isOver = false
    let mutable said = ""

    let say (text: string) =
        if text <> said then
            said <- text
            printfn $"{text}"

    while not (isOver || stop.IsCancellationRequested) do
        match Queue.ask (Submission.names submission) with
        | Ok jobs ->
            say (show clock (countCells request ids) jobs)
            isOver <- not (isLive jobs)
        | Error _ -> say "Slurm does not answer; asking again..."

        if not isOver then
            stop.WaitHandle.WaitOne(pause: TimeSpan) |> ignore
            pause <- min longestWait (pause * 1.2)

/// Tasks that are named one by one.
let private shown = 5

/// Says which tasks ended without all of their cells.
let private sayUnfinished folder (submission: Submission) =
    let unfinished =
        TaskStanding.all folder (Store.read folder) submission (ask submission)
        |> TaskStanding.unfinished

    for standing in List.truncate shown unfinished do
        eprintfn $"{TaskStanding.describe folder standing}"

    if unfinished.Length > shown then
        eprintfn $"And {unfinished.Length - shown} more: see 'status --out {folder}'."

/// Submits what is missing and waits until all of it has ended, or until this process is asked to leave.
let run catalog options flags (request: RunPlan.Request) =
    match submit catalog options flags request with
    | None -> Uncollected
    | Some submission ->
        use interruption = new Interruption()
        let ids = set [ for item in Todo.items catalog request.Plan.Plan -> item.CellId ]
        wait request ids submission interruption.Token

        if interruption.Token.IsCancellationRequested then
            Left submission
        else
            sayUnfinished request.Folder submission

            match Submission.tryRead request.Folder with
            | Some { IsCollected = true } -> Collected
            | _ -> Uncollected
