namespace CausalDebiasing.Bench.Cli

open System
open System.Runtime.InteropServices
open System.Threading

/// Turns Ctrl-C and a request to terminate into a cancellation, so that the program ends in its own way.
type Interruption() =
    let source = new CancellationTokenSource()

    let onSignal (context: PosixSignalContext) =
        context.Cancel <- true
        source.Cancel()

    let registrations =
        [ PosixSignal.SIGINT; PosixSignal.SIGTERM ]
        |> List.map (fun signal -> PosixSignalRegistration.Create(signal, onSignal))

    member _.Token = source.Token

    interface IDisposable with
        member _.Dispose() =
            registrations |> List.iter _.Dispose()
            source.Dispose()
