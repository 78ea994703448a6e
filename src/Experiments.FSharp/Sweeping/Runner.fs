namespace CausalDebiasing.Bench.Sweeping

open System
open System.Threading
open System.Threading.Tasks

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

/// Hands cells out to workers. A worker that dies or hangs costs the one cell it had.
type Runner
    (
        options: RunnerOptions,
        startWorker: unit -> Task<Result<IWorker, string>>,
        onResult: WorkItem -> CellResult -> unit
    ) =
    let gate = obj ()

    let resultOf (item: WorkItem) outcome =
        match outcome with
        | Completed result -> result
        | Lost reason -> CellResult.without item.Cell item.CellId Failed reason
        | OverTime ->
            let limit = options.CellTimeout.TotalSeconds
            CellResult.without item.Cell item.CellId TimedOut $"Took longer than {limit} s (--cell-timeout)"

    let record (stopping: CancellationTokenSource) item result =
        lock gate (fun () ->
            if not stopping.IsCancellationRequested then
                onResult item result

                if options.FailFast && result.Status <> Done then
                    stopping.Cancel())

    let start (stopping: CancellationTokenSource) =
        task {
            match! startWorker () with
            | Ok worker -> return worker
            | Error reason ->
                stopping.Cancel()
                return raise (WorkersDoNotStart reason)
        }

    let work (stopping: CancellationTokenSource) (schedule: Schedule) =
        task {
            let mutable worker = None
            let mutable next = schedule.Next None

            while next.IsSome && not stopping.IsCancellationRequested do
                let item, group = next.Value

                if worker.IsNone then
                    let! started = start stopping
                    worker <- Some started

                let current = worker.Value
                use _ = stopping.Token.Register(fun () -> current.Stop())
                let! outcome = current.Run(item, options.CellTimeout)
                record stopping item (resultOf item outcome)

                if not outcome.IsCompleted then
                    current.Dispose()
                    worker <- None

                next <- schedule.Next(Some group)

            worker |> Option.iter _.Dispose()
        }

    /// Runs all items. `onResult` is called for each one that ends, one call at a time; cells under way when
    /// `stop` is requested are abandoned. Results do not depend on the number of jobs or on the order, since
    /// every random draw of a cell comes from the cell. Raises WorkersDoNotStart.
    member _.Run(items: WorkItem list, stop: CancellationToken) : Task =
        task {
            use stopping = CancellationTokenSource.CreateLinkedTokenSource stop
            let schedule = Schedule items
            let jobs = max 1 (min options.Jobs items.Length)
            do! Task.WhenAll [| for _ in 1..jobs -> Task.Run(fun () -> work stopping schedule :> Task) |]
        }
