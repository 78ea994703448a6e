/// The program in a process of its own, where it can be disturbed.
module CausalDebiasing.Bench.Cli.Faults.Play

open System
open System.Diagnostics
open System.IO
open System.Runtime.InteropServices
open System.Threading
open CausalDebiasing.Bench.Cli

[<DllImport("libc", EntryPoint = "kill")>]
extern int private send(int id, int signal)

/// Signals by their numbers on Linux.
type Signal =
    | Hangup = 1
    | Interrupt = 2
    | Kill = 9
    | Terminate = 15
    | Stop = 19

/// Sends a signal to a process, or to a group of processes by its negative number.
let signal (signal: Signal) id = send (id, int signal) |> ignore

/// What a process left behind.
type Ended = {
    /// -1 when it had to be ended.
    Code: int
    Output: string
    /// Lines on standard error that are not empty.
    Errors: string list
}

/// One line on how it ended.
let describe ended =
    let said = String.concat " / " (List.truncate 3 ended.Errors)
    $"exit code {ended.Code}: {said}"

/// A process under way.
type Running(start: ProcessStartInfo) =
    let started = nonNull (Process.Start start)
    let output = started.StandardOutput.ReadToEndAsync()
    let errors = started.StandardError.ReadToEndAsync()

    member _.Id = started.Id
    member _.IsAlive = not started.HasExited

    /// Waits for the end; ends it when it does not come in time.
    member _.Wait(limit: TimeSpan) =
        let isInTime = started.WaitForExit limit

        if not isInTime then
            started.Kill(entireProcessTree = true)
            started.WaitForExit()

        {
            Code = if isInTime then started.ExitCode else -1
            Output = output.Result
            Errors =
                errors.Result.Split(
                    '\n',
                    StringSplitOptions.RemoveEmptyEntries ||| StringSplitOptions.TrimEntries
                )
                |> List.ofArray
        }

/// Time for whatever ends by itself.
let patience = TimeSpan.FromMinutes 10.

/// Starts a program with variables of its environment.
let start (environment: (string * string) list) (program: string) (arguments: string list) =
    let how =
        ProcessStartInfo(program, arguments, RedirectStandardOutput = true, RedirectStandardError = true)

    for name, value in environment do
        how.Environment[name] <- value

    Running how

/// This program with arguments, as a command line.
let self (arguments: string list) =
    let how =
        DotNetHost.start (Reflection.Assembly.GetExecutingAssembly().Location) arguments

    how.FileName, List.ofSeq how.ArgumentList

let private status (id: int) =
    try
        let text = File.ReadAllText $"/proc/{id}/stat"
        let parent = text.Substring(text.LastIndexOf ')' + 2).Split(' ')[1]
        int parent, File.ReadAllText($"/proc/{id}/cmdline").Split '\000'
    with
    | :? IOException
    | :? UnauthorizedAccessException -> 0, [||]

/// Ids of the processes that a process has started with a certain argument.
let children (argument: string) parent = [
    for folder in Directory.GetDirectories "/proc" do
        match Int32.TryParse(Path.GetFileName folder) with
        | true, id ->
            let itsParent, arguments = status id

            if itsParent = parent && Array.contains argument arguments then
                id
        | _ -> ()
]

/// Waits until something is there, or the process has ended.
let rec await (running: Running) (tryFind: unit -> 'a option) =
    match tryFind () with
    | None when running.IsAlive ->
        Thread.Sleep 5
        await running tryFind
    | found -> found
