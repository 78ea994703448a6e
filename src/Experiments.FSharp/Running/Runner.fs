namespace CausalDebiasing.Bench.Running

open System
open System.Runtime.ExceptionServices
open System.Threading
open System.Threading.Tasks
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results

/// How cells are run.
type RunnerOptions = {
    /// Workers at a time.
    Jobs: int
    CellTimeout: TimeSpan
    /// Stop at the first cell that fails.
    FailFast: bool
}

/// Raised when no worker can be started, with one line on why.
exception WorkersDoNotStart of reason: string

/// Hands cells out to workers. A worker that dies or hangs costs the one cell it had, and one that does not get ready is
/// started again.
type Runner
    (
        options: RunnerOptions,
        startWorker: CancellationToken -> Task<Result<IWorker, string>>,
        onResult: WorkItem -> CellResult -> unit
    ) =
    /// How often a worker is started before it counts as one that cannot.
    let attempts = 3
    let gate = obj ()
    let mutable hasStarted = false

    let resultOf (item: WorkItem) outcome =
        match outcome with
        | Completed result -> result
        | Lost(reason, lastWords) -> {
            CellResult.without item.Cell item.CellId Failed reason with
                Details = lastWords
          }
        | OverTime ->
            let limit = options.CellTimeout.TotalSeconds
            CellResult.without item.Cell item.CellId TimedOut $"Took longer than {limit} s (--cell-timeout)"

    let record (stopping: CancellationTokenSource) item result =
        lock gate (fun () ->
            if not stopping.IsCancellationRequested then
                onResult item result

                if options.FailFast && result.Status <> Done then
                    stopping.Cancel())

    /// A worker, after some attempts if need be. Raises WorkersDoNotStart when none has ever started.
    let start (stopping: CancellationTokenSource) =
        task {
            let mutable started = Error ""
            let mutable attempt = 0

            while started.IsError && attempt < attempts && not stopping.IsCancellationRequested do
                attempt <- attempt + 1
                let! answer = startWorker stopping.Token
                started <- answer

            match started with
            | Ok _ -> hasStarted <- true
            | Error reason when not (stopping.IsCancellationRequested || hasStarted) ->
                raise (WorkersDoNotStart reason)
            | Error _ -> ()

            return started
        }

    /// Computes a cell; gives the worker when it is fit for another.
    let compute (stopping: CancellationTokenSource) (worker: IWorker) item =
        task {
            use _ = stopping.Token.Register(fun () -> worker.Stop())
            let! outcome = worker.Run(item, options.CellTimeout)
            record stopping item (resultOf item outcome)

            match outcome with
            | Completed result when not (ProcessState.isChangedBy result) -> return Some worker
            | _ ->
                worker.Dispose()
                return None
        }

    let work (stopping: CancellationTokenSource) (schedule: Schedule) =
        task {
            let mutable worker = None
            let mutable next = schedule.Next None

            while next.IsSome && not stopping.IsCancellationRequested do
                let item, group = next.Value

                let! ready =
                    match worker with
                    | Some worker -> Task.FromResult(Ok worker)
                    | None -> start stopping

                match ready with
                | Ok current ->
                    let! kept = compute stopping current item
                    worker <- kept
                | Error reason -> record stopping item (resultOf item (Lost(reason, "")))

                next <- schedule.Next(Some group)

            worker |> Option.iter _.Dispose()
        }

    /// As `work`; whatever is raised stops the other workers too.
    let workOrStop (stopping: CancellationTokenSource) schedule : Task =
        task {
            try
                do! work stopping schedule
            with failure ->
                stopping.Cancel()
                ExceptionDispatchInfo.Throw failure
        }

    /// Runs all items. `onResult` is called for each one that ends, one call at a time; cells under way when
    /// `stop` is requested are abandoned. Results do not depend on the number of jobs or on the order, since
    /// every random draw of a cell comes from the cell. Raises WorkersDoNotStart.
    member _.Run(items: WorkItem list, stop: CancellationToken) : Task =
        task {
            use stopping = CancellationTokenSource.CreateLinkedTokenSource stop
            let schedule = Schedule items
            let jobs = max 1 (min options.Jobs items.Length)
            do! Task.WhenAll [| for _ in 1..jobs -> Task.Run(fun () -> workOrStop stopping schedule) |]
        }
