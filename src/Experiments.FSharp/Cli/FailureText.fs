/// What an exception that ends the program means to its user.
module CausalDebiasing.Bench.Cli.FailureText

open System
open System.IO
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Running
open CausalDebiasing.Runtime

/// Keeps the details of a defect for a bug report; gives a sentence on where they are.
let private keepDetails arguments (defect: exn) =
    let time = DateTime.UtcNow.ToString "yyyyMMdd-HHmmss"

    let file =
        Path.Combine(Path.GetTempPath(), $"causal-debias-{time}-{Environment.ProcessId}.log")

    let command = String.concat " " arguments

    try
        File.WriteAllText(file, $"{command}\n{defect}\n")
        $"details are in {file}"
    with
    | :? IOException
    | :? UnauthorizedAccessException ->
        $"details cannot be kept in {Path.GetTempPath()}: set TMPDIR to a folder that can be written and try again"

let private ended (text: string) = text.TrimEnd '.' + "."

/// One line and the exit code.
let rec explain (arguments: string seq) (failure: exn) : string * int =
    match failure with
    | :? InputException -> failure.Message, Exit.BadInput
    | WorkersDoNotStart reason -> $"{reason} (try the verb 'doctor')", Exit.CheckFailed
    | :? AggregateException as several when several.InnerExceptions.Count > 0 ->
        explain arguments several.InnerExceptions[0]
    | full when Disk.isFull full ->
        $"The disk is full. {ended full.Message} Free some space and run the same command again; what is finished is kept.",
        Exit.CheckFailed
    | :? IOException
    | :? UnauthorizedAccessException ->
        $"{ended failure.Message} Check that the path is there and can be read and written.", Exit.BadInput
    | defect ->
        $"{ended defect.Message} This is a defect of the suite; {keepDetails arguments defect}.",
        Exit.CheckFailed
