/// A run whose tasks are printed as commands, a line each.
module CausalDebiasing.Bench.Cli.PrintedRun

open System
open System.IO
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running.Cluster
open CausalDebiasing.Bench.Running.Slurm
open CausalDebiasing.Runtime

let private checkWord (word: string) =
    if word.Contains '\n' then
        raise (
            InputException $"The path '{word}' has a line break, so that no line of a command can hold it."
        )

/// Prints the commands on standard output and what to know of them on standard error; runs nothing.
let run catalog shape flags (request: RunPlan.Request) =
    Submission.requireIdle request.Folder
    let items = Todo.items catalog request.Plan.Plan
    use _ = RunFolder.take request.Folder

    let stored, todo =
        RunPlan.prepare catalog request (RunPlan.environment request "commands that were printed") items

    let tasks = ClusterRun.tasks request.Folder shape stored todo
    let name = "tasks-" + Guid.NewGuid().ToString("N").Substring(0, 8)

    if not tasks.IsEmpty then
        TaskFile.write request.Folder name tasks

    let here = Directory.GetCurrentDirectory()
    let command = ClusterRun.taskCommand request flags name
    List.iter checkWord (here :: command)

    for number in 0 .. tasks.Length - 1 do
        let words = command @ [ "--number"; string number ]
        printfn $"{ShellText.command here words}"

    eprintfn
        $"{items.Length} cells: {items.Length - todo.Length} on disk, {todo.Length} to compute in {tasks.Length} tasks. When all have ended, the same command without --print-commands computes what they left and writes the report."
