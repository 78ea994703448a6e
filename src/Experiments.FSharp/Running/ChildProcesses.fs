/// Programs that a worker has started, which must not outlive it.
module CausalDebiasing.Bench.Running.ChildProcesses

open System
open System.Collections.Concurrent
open System.ComponentModel
open System.Diagnostics

let private held = ConcurrentDictionary<Process, unit>()

/// Counts a program in until disposed.
let hold (started: Process) =
    held[started] <- ()

    {
        new IDisposable with
            member _.Dispose() = held.TryRemove started |> ignore
    }

/// Kills all that are held, with what they have started. Never raises: any of them may end by itself at any moment.
let killAll () =
    for started in held.Keys do
        try
            started.Kill(entireProcessTree = true)
        with
        | :? InvalidOperationException
        | :? Win32Exception
        | :? AggregateException -> ()
