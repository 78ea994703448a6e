module CausalDebiasing.Tests.Support.CommandLine

open System
open System.IO
open CausalDebiasing.Bench.Cli

/// What a command line left behind.
type Ended = {
    ExitCode: int
    Output: string
    Errors: string list
}

/// Runs the program in this process, with its streams captured. For sequenced tests only.
let run (arguments: string list) =
    let output, errors = Console.Out, Console.Error
    use capturedOutput = new StringWriter()
    use capturedErrors = new StringWriter()

    try
        Console.SetOut capturedOutput
        Console.SetError capturedErrors
        let exitCode = Program.main (Array.ofList arguments)

        {
            ExitCode = exitCode
            Output = capturedOutput.ToString()
            Errors =
                capturedErrors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
                |> List.ofArray
        }
    finally
        Console.SetOut output
        Console.SetError errors
