namespace CausalDebiasing.Bench.Running.Slurm

open System
open CausalDebiasing.Runtime

/// Where a task of an array stands with the scheduler.
type TaskState =
    /// It waits, for a reason in Slurm's words.
    | Queued of reason: string
    | Running
    /// It ended, in Slurm's word: COMPLETED, FAILED, TIMEOUT, CANCELLED, NODE_FAIL, ...
    | Ended of how: string

    /// It is still going to compute cells.
    member this.IsLive =
        match this with
        | Queued _
        | Running -> true
        | Ended _ -> false

/// A line of the queue: a task of an array, or a job that is none.
type QueuedJob = {
    Name: string
    JobId: string
    /// Number within the array; None for a job that is none.
    Number: int option
    State: TaskState
}

module Queue =
    let private waiting =
        set [
            "PENDING"
            "REQUEUED"
            "REQUEUE_FED"
            "REQUEUE_HOLD"
            "RESV_DEL_HOLD"
            "SPECIAL_EXIT"
        ]

    let private ended =
        set [
            "BOOT_FAIL"
            "CANCELLED"
            "COMPLETED"
            "DEADLINE"
            "FAILED"
            "NODE_FAIL"
            "OUT_OF_MEMORY"
            "PREEMPTED"
            "REVOKED"
            "TIMEOUT"
        ]

    let private state word reason =
        if waiting.Contains word then Queued reason
        elif ended.Contains word then Ended word
        else Running

    let private lines (text: string) =
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries ||| StringSplitOptions.TrimEntries)
        |> List.ofArray

    /// What squeue prints in the format below.
    let parse (text: string) = [
        for line in lines text do
            match line.Split('|', 5) with
            | [| name; job; number; word; reason |] -> {
                Name = name
                JobId = job
                Number =
                    match Int32.TryParse number with
                    | true, number -> Some number
                    | _ -> None
                State = state word reason
              }
            | _ -> ()
    ]

    /// The jobs of these names that Slurm remembers; those that ended it forgets after some minutes. Error says why it does
    /// not answer.
    let ask (names: string list) =
        if names.IsEmpty then
            Ok []
        else
            SlurmProgram.run "squeue" [
                "--noheader"
                "--array"
                "--states=all"
                "--format=%j|%F|%K|%T|%r"
                "--name=" + String.concat "," names
            ]
            |> Result.map parse

    /// What sacct prints in the format below: job id, number and end of the tasks that ended.
    let parseAccounting (text: string) = [
        for line in lines text do
            match line.Split '|' with
            | [| id; words |] ->
                match id.Split '_', words.Split ' ' with
                | [| job; number |], words when ended.Contains words[0] && Seq.forall Char.IsDigit number ->
                    (job, int number), words[0]
                | _ -> ()
            | _ -> ()
    ]

    /// How tasks ended, by job id and number; empty where the cluster keeps no accounts.
    let accounts (jobs: string list) =
        if jobs.IsEmpty then
            Map.empty
        else
            SlurmProgram.run "sacct" [
                "--noheader"
                "--parsable2"
                "--allocations"
                "--format=JobID,State"
                "--jobs=" + String.concat "," jobs
            ]
            |> Result.map (parseAccounting >> Map.ofList)
            |> Result.defaultValue Map.empty

    /// Raises InputException on why Slurm gives no answer.
    let refuse (program: string) refusal : 'a =
        match refusal with
        | SlurmProgram.Absent ->
            raise (
                InputException
                    $"There is no '{program}' on this machine, so that nothing can be given to Slurm: start on a login node of the cluster, or use --print-commands."
            )
        | SlurmProgram.Said words -> raise (InputException $"Slurm refuses ({program}): {words}")
