/// The programs of Slurm: sbatch, squeue and the like.
module CausalDebiasing.Bench.Running.Slurm.SlurmProgram

open System
open System.ComponentModel
open System.Diagnostics

/// Why a program gave no answer.
type Refusal =
    /// It is not on this machine.
    | Absent
    /// What it said, on one line.
    | Said of string

let private oneLine (text: string) =
    text.Split('\n', StringSplitOptions.RemoveEmptyEntries ||| StringSplitOptions.TrimEntries)
    |> String.concat " "

/// Runs a program to its end and gives what it wrote on standard output.
let run (program: string) (arguments: string list) : Result<string, Refusal> =
    let how =
        ProcessStartInfo(program, arguments, RedirectStandardOutput = true, RedirectStandardError = true)

    try
        use started = nonNull (Process.Start how)
        let errors = started.StandardError.ReadToEndAsync()
        let output = started.StandardOutput.ReadToEnd()
        started.WaitForExit()

        if started.ExitCode = 0 then
            Ok output
        else
            Error(Said(oneLine $"{errors.Result}\n{output}"))
    with :? Win32Exception ->
        Error Absent
