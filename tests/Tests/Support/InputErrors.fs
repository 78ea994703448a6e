module CausalDebiasing.Tests.Support.InputErrors

open CausalDebiasing.Runtime
open Expecto

/// The one line of the InputException that the action must raise.
let message (action: unit -> 'result) =
    let message =
        try
            action () |> ignore
            failtest "no InputException was raised"
        with :? InputException as error ->
            error.Message

    Expect.isFalse (message.Contains '\n') $"one line: {message}"
    message
