namespace CausalDebiasing.Bench.Running.Slurm

open System
open System.IO
open System.Text.Json
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Results
open CausalDebiasing.Runtime

/// A job array that was submitted, or was about to be.
type SubmittedArray = {
    /// Name of its jobs and of its tasks' file.
    Name: string
    Tasks: int
    /// None until sbatch has answered.
    JobId: string option
}

/// The job that gathers the results once the tasks of all arrays have ended.
type CollectingJob = { Name: string; JobId: string }

/// What a run has with Slurm, kept in its folder: whoever comes back to it knows what is under way.
type Submission = {
    Arrays: SubmittedArray list
    Collecting: CollectingJob option
    /// Workers of a task.
    Workers: int
    StartedUtc: DateTime
    /// All tasks have ended and the report is of what they left.
    IsCollected: bool
}

module Submission =
    let private path folder =
        Path.Combine(folder, "cluster", "submission.json")

    let write folder (submission: Submission) =
        AtomicFile.writeText (path folder) (Checksum.seal (Json.write submission))

    /// What a run has with Slurm; None where it never had anything. Raises InputException when that cannot be believed.
    let tryRead folder : Submission option =
        let file = path folder

        let refuse reason =
            raise (
                InputException
                    $"'{file}' cannot be believed ({reason}): cancel the jobs of this run that 'squeue' shows, delete the file, and run the same command again."
            )

        if not (File.Exists file) then
            None
        else
            try
                match Checksum.unseal (File.ReadAllText file) with
                | Ok json -> Some(Json.read json)
                | Error reason -> refuse reason
            with :? JsonException ->
                refuse "it has another form"

    /// Names of all of its jobs.
    let names submission = [
        for array in submission.Arrays do
            array.Name
        for job in Option.toList submission.Collecting do
            job.Name
    ]

    /// Ids of all of its jobs, as scancel takes them.
    let jobs submission =
        [
            yield! submission.Arrays |> List.choose _.JobId
            for job in Option.toList submission.Collecting do
                yield job.JobId
        ]
        |> String.concat " "

    /// Notes that the report of a run is of what its tasks left.
    let collected folder =
        tryRead folder
        |> Option.iter (fun submission -> write folder { submission with IsCollected = true })

    /// Raises InputException while tasks of a run may be at work, for whoever needs its folder alone.
    let requireIdle folder =
        match tryRead folder with
        | Some submission when not submission.IsCollected ->
            match Queue.ask (names submission) with
            | Ok jobs when jobs |> List.exists _.State.IsLive ->
                raise (
                    InputException
                        $"'{folder}' has tasks with Slurm ('status --out {folder}' shows them): give --engine slurm to go on with them, or end them with 'scancel' first."
                )
            | Ok _ -> ()
            | Error _ ->
                raise (
                    InputException
                        $"'{folder}' was given to Slurm, which does not answer here: run this where 'squeue' does, or delete '{path folder}' if none of its tasks is at work."
                )
        | _ -> ()
