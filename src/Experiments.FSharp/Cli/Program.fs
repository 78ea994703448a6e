module CausalDebiasing.Bench.Cli.Program

open System
open System.IO
open CausalDebiasing.Bench.Cli.Commands
open CausalDebiasing.Bench.Sweeping
open CausalDebiasing.Runtime

/// Keeps the details of a defect for a bug report; gives the file.
let private writeDetails (defect: exn) arguments =
    let time = DateTime.UtcNow.ToString "yyyyMMdd-HHmmss"

    let file =
        Path.Combine(Path.GetTempPath(), $"causal-debias-{time}-{Environment.ProcessId}.log")

    let command = String.concat " " arguments
    File.WriteAllText(file, $"{command}\n{defect}\n")
    file

let private oneLine (text: string) = text.ReplaceLineEndings(" ").Trim()

/// Runs the program. The user's mistakes and defects are one line on standard error, never a stack trace.
[<EntryPoint>]
let main arguments =
    try
        Verbs.run (List.ofArray arguments)
    with
    | :? InputException as mistake ->
        eprintfn $"error: {oneLine mistake.Message}"
        Exit.BadInput
    | WorkersDoNotStart reason ->
        eprintfn $"error: {oneLine reason} (try the verb 'doctor')"
        Exit.CheckFailed
    | defect ->
        let file = writeDetails defect arguments
        eprintfn $"error: {oneLine defect.Message} This is a defect of the suite; details are in {file}."
        Exit.CheckFailed
