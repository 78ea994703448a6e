namespace CausalDebiasing.Bench.Running

open System
open System.Collections.Concurrent
open System.ComponentModel
open System.Diagnostics
open System.IO
open System.Text.Json
open System.Threading
open System.Threading.Tasks
open CausalDebiasing.Bench.Foundation

/// A worker in a process of its own, spoken to over its standard streams.
type WorkerProcess private (childProcess: Process) =
    let lastErrors = ConcurrentQueue<string>()

    let keepError (line: string) =
        lastErrors.Enqueue line

        if lastErrors.Count > 20 then
            lastErrors.TryDequeue() |> ignore

    /// Never raises: the process may end by itself at any moment, and this is called from handlers of signals.
    let kill () =
        try
            if not childProcess.HasExited then
                childProcess.Kill(entireProcessTree = true)
        with
        | :? InvalidOperationException
        | :? Win32Exception
        | :? AggregateException -> ()

    let ended () =
        task {
            use patience = new CancellationTokenSource(TimeSpan.FromSeconds 5.)

            try
                do! childProcess.WaitForExitAsync patience.Token
            with :? OperationCanceledException ->
                kill ()
                childProcess.WaitForExit()

            let how =
                match childProcess.ExitCode with
                | 137 -> "was killed (signal 9), perhaps for want of memory"
                | code when code > 128 -> $"ended by signal {code - 128}"
                | code -> $"ended with exit code {code}"

            let said =
                lastErrors
                |> Seq.tryFindBack (String.IsNullOrWhiteSpace >> not)
                |> Option.map (fun line -> $": {line.Trim()}")
                |> Option.defaultValue ""

            return $"The worker process {how}{said}", String.concat "\n" lastErrors
        }

    let nextPayload (cancellation: CancellationToken) =
        task {
            let mutable payload = None
            let mutable isOpen = true

            while isOpen && payload.IsNone do
                match! childProcess.StandardOutput.ReadLineAsync cancellation with
                | null -> isOpen <- false
                | line -> payload <- WorkerProtocol.payload line

            return payload
        }

    let outcome payload =
        try
            Completed(Json.read payload)
        with :? JsonException ->
            kill ()
            Lost("The worker process sent something that is not a result", "")

    do
        childProcess.ErrorDataReceived.Add(fun line -> Option.ofObj line.Data |> Option.iter keepError)
        childProcess.BeginErrorReadLine()

    /// Starts a worker and waits until it is ready, at most for the time limit and until `stop` is requested; Error says in
    /// one line why there is none.
    static member Start
        (how: ProcessStartInfo, limit: TimeSpan, stop: CancellationToken)
        : Task<Result<IWorker, string>> =
        task {
            how.RedirectStandardInput <- true
            how.RedirectStandardOutput <- true
            how.RedirectStandardError <- true
            how.UseShellExecute <- false

            try
                match Process.Start how with
                | null -> return Error "The worker process did not start"
                | childProcess ->
                    let worker = new WorkerProcess(childProcess)
                    return! worker.WhenReady(limit, stop)
            with :? Win32Exception as failure ->
                return Error $"The worker process did not start: {failure.Message}"
        }

    member private this.WhenReady(limit: TimeSpan, stop: CancellationToken) : Task<Result<IWorker, string>> =
        task {
            use patience = CancellationTokenSource.CreateLinkedTokenSource stop
            patience.CancelAfter limit

            try
                match! nextPayload patience.Token with
                | Some _ -> return Ok(this :> IWorker)
                | None ->
                    let! reason, _ = ended ()
                    childProcess.Dispose()
                    return Error reason
            with :? OperationCanceledException ->
                kill ()
                childProcess.Dispose()
                return Error $"The worker process was not ready within {limit.TotalSeconds} s"
        }

    interface IWorker with
        member _.Run(item, limit) =
            task {
                use timer = new CancellationTokenSource(limit)
                // What an earlier cell said is no reason of this one's end.
                lastErrors.Clear()

                try
                    do! childProcess.StandardInput.WriteLineAsync(Json.write item)
                    do! childProcess.StandardInput.FlushAsync()

                    match! nextPayload timer.Token with
                    | Some payload -> return outcome payload
                    | None ->
                        let! ending = ended ()
                        return Lost ending
                with
                | :? OperationCanceledException ->
                    kill ()
                    return OverTime
                | :? IOException ->
                    let! ending = ended ()
                    return Lost ending
            }

        member _.Stop() = kill ()

        member _.Dispose() =
            kill ()
            childProcess.Dispose()
