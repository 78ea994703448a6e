/// Giving jobs to Slurm.
module CausalDebiasing.Bench.Running.Slurm.Sbatch

open System
open System.IO
open System.Text.RegularExpressions
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Running.Cluster

/// What jobs run: the command that they are given as arguments after the folder for what it says, so that no text of a user is
/// ever part of a script. A task of an array is told its number.
let private taskScript =
    """#!/bin/sh
folder=$1
shift
exec "$@" --number "$SLURM_ARRAY_TASK_ID" >>"$folder/task-$SLURM_ARRAY_TASK_ID.log" 2>&1
"""

let private collectScript =
    """#!/bin/sh
folder=$1
shift
exec "$@" >>"$folder/collect.log" 2>&1
"""

/// What a job is made of.
type Job = {
    Name: string
    /// Folder for its script and what its tasks say.
    Folder: string
    Command: string list
}

let private asked options cpus = [
    $"--cpus-per-task={cpus}"
    $"--time={SlurmTime.render options.Shape.Limit}"
    for partition in Option.toList options.Partition do
        $"--partition={partition}"
    for memory in Option.toList options.Memory do
        $"--mem={memory}"
    for further in options.Further do
        $"--{further}"
]

let private common job = [ "--parsable"; "--output=/dev/null"; $"--job-name={job.Name}" ]

/// The arguments of sbatch for an array of tasks; the script is a file.
let arrayArguments options tasks script job =
    common job
    @ asked options options.Shape.Workers
    @ [ $"--array=0-{tasks - 1}"; script; job.Folder ]
    @ job.Command

/// The arguments of sbatch for a job that starts once other jobs have ended, however they ended.
let afterArguments options (jobs: string list) script job =
    let after = String.concat ":" jobs

    common job
    @ asked options 1
    @ [ $"--dependency=afterany:{after}"; script; job.Folder ]
    @ job.Command

/// The job's id in what sbatch prints, which may name the cluster, too.
let jobId (output: string) =
    let found = Regex.Match(output.Trim(), @"^(\d+)(;.*)?$")
    if found.Success then Some found.Groups[1].Value else None

let private submit script (arguments: string -> Job -> string list) job =
    let file = Path.Combine(job.Folder, "job.sh")
    AtomicFile.writeText file script

    SlurmProgram.run "sbatch" (arguments file job)
    |> Result.bind (fun output ->
        match jobId output with
        | Some id -> Ok id
        | None -> Error(SlurmProgram.Said $"sbatch answered '{output.Trim()}'"))

/// Submits an array of tasks, numbered from 0; gives its job id.
let submitArray options tasks job =
    submit taskScript (arrayArguments options tasks) job

/// Submits a job that starts once other jobs have ended; gives its id.
let submitAfter options jobs job =
    submit collectScript (afterArguments options jobs) job

/// Tasks that one array of this cluster may have. Error says why it does not tell.
let arrayLimit () =
    SlurmProgram.run "scontrol" [ "show"; "config" ]
    |> Result.map (fun text ->
        let found = Regex.Match(text, @"^MaxArraySize\s*=\s*(\d+)", RegexOptions.Multiline)
        if found.Success then int found.Groups[1].Value else 1001)

/// Ends jobs that have not ended by themselves.
let cancel (jobs: string list) =
    if not jobs.IsEmpty then
        SlurmProgram.run "scancel" jobs |> ignore
