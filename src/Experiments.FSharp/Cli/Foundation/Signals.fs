namespace CausalDebiasing.Bench.Cli

open System
open System.Diagnostics
open System.IO
open System.Runtime.InteropServices
open System.Threading

/// Ctrl-C, a request to terminate, and a terminal that was closed.
module Signals =
    let private all = [ PosixSignal.SIGINT; PosixSignal.SIGTERM; PosixSignal.SIGHUP ]

    /// One Ctrl-C may arrive twice, from the terminal and from the script that started the program.
    let private patience = TimeSpan.FromSeconds 2.

    let private gate = obj ()
    let mutable private running: CancellationTokenSource option = None
    let mutable private requested: Stopwatch option = None

    let private register (handler: PosixSignalContext -> unit) : IDisposable =
        let registrations =
            all |> List.map (fun signal -> PosixSignalRegistration.Create(signal, handler))

        {
            new IDisposable with
                member _.Dispose() = registrations |> List.iter _.Dispose()
        }

    let private leave () =
        try
            eprintfn "Interrupted."
        with :? IOException ->
            ()

        ProcessEnd.atOnce Exit.Interrupted

    let private onSignal (context: PosixSignalContext) =
        context.Cancel <- true

        lock gate (fun () ->
            match running, requested with
            | Some source, None ->
                requested <- Some(Stopwatch.StartNew())
                // Not in this thread: what is cancelled must not keep the next signal waiting.
                source.CancelAsync() |> ignore
            | Some _, Some since when since.Elapsed < patience -> ()
            | _ -> leave ())

    /// Handles signals until disposed: work that can end in its own way is asked to, once; otherwise the program ends at
    /// once, with one line.
    let handle () = register onSignal

    /// Makes `source` what a signal cancels, until disposed.
    let cancel source : IDisposable =
        lock gate (fun () ->
            running <- Some source
            requested <- None)

        {
            new IDisposable with
                member _.Dispose() = lock gate (fun () -> running <- None)
        }

    /// For workers: signals reach the whole group of processes, and the coordinator decides when a worker ends; should there
    /// be none, the worker ends a little later.
    let leaveToCoordinator () =
        register (fun context ->
            context.Cancel <- true

            if context.Signal <> PosixSignal.SIGINT then
                Thread.Sleep patience
                ProcessEnd.atOnce 143)
