namespace CausalDebiasing.Bench.Cli

open System
open System.Threading

/// Turns a signal to end into a cancellation, so that the program ends in its own way.
type Interruption() =
    let source = new CancellationTokenSource()
    let registration = Signals.cancel source

    member _.Token = source.Token

    interface IDisposable with
        // The source stays: a signal may be cancelling it at this moment.
        member _.Dispose() = registration.Dispose()
