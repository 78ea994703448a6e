/// `test`: the test suite, then its slowest tests, with its counts as the last line.
module CausalDebiasing.Bench.Cli.Commands.RunTests

open System
open System.Diagnostics
open System.IO
open System.Text.RegularExpressions
open CausalDebiasing.Bench.Cli

let private summary =
    Regex @"([\d,]+) passed, ([\d,]+) ignored, ([\d,]+) failed, ([\d,]+) errored"

/// Tests passed, failed and skipped by a line of the test runner's output, if that is its summary.
let numbers (line: string) =
    let found = summary.Match line

    let number (group: int) =
        int (found.Groups[group].Value.Replace(",", ""))

    if found.Success then
        Some(number 1, number 3 + number 4, number 2)
    else
        None

/// The closing line for a line of the test runner's output, if that is its summary.
let counts (line: string) =
    numbers line
    |> Option.map (fun (passed, failed, ignored) ->
        let skipped = if ignored = 0 then "" else $", {ignored} skipped"
        $"{passed} passed, {failed} failed{skipped}")

/// How to start the test suite with arguments of its runner.
let starting (arguments: string list) =
    let tests = Repository.program "tests/Tests" "CausalDebias.Tests"

    let start =
        DotNetHost.start tests ([ "--no-spinner"; "--colours"; "0" ] @ arguments)

    start.RedirectStandardOutput <- true
    start

/// Of the tests that are shown as the slowest.
let private shown = 10

let private showSlowest summary =
    match SlowestTests.lines shown summary with
    | [] -> ()
    | lines ->
        printfn "slowest tests:"
        List.iter (printfn "%s") lines

    File.Delete summary

let run (arguments: string list) =
    let summary =
        Path.Combine(Path.GetTempPath(), $"causal-debias-tests-{Environment.ProcessId}.xml")

    use interruption = new Interruption()

    use runner =
        nonNull (Process.Start(starting (arguments @ [ "--junit-summary"; summary ])))

    use _ = interruption.Token.Register(fun () -> runner.Kill(entireProcessTree = true))
    let mutable closing = None
    let mutable line = runner.StandardOutput.ReadLine()

    while not (isNull line) do
        let text = nonNull line
        Console.WriteLine text
        closing <- counts text |> Option.orElse closing
        line <- runner.StandardOutput.ReadLine()

    runner.WaitForExit()
    showSlowest summary

    match closing with
    | Some closing ->
        printfn $"{closing}"

        if runner.ExitCode = 0 then
            Exit.Success
        else
            Exit.CheckFailed
    | None when interruption.Token.IsCancellationRequested -> Exit.Interrupted
    | None ->
        eprintfn $"error: the tests ended with exit code {runner.ExitCode} and no summary."
        Exit.CheckFailed
