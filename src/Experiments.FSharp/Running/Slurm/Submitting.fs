/// Giving tasks to Slurm so that whoever is killed in the middle of it can come back.
module CausalDebiasing.Bench.Running.Slurm.Submitting

open System
open System.IO
open CausalDebiasing.Bench.Running.Cluster

/// What is asked for.
type Request = {
    /// Folder of the run, as every node of the cluster sees it.
    Folder: string
    Options: SlurmOptions
    /// The command of an array's tasks by the array's name, but for the number of the task.
    Task: string -> string list
    /// The command of the collecting job.
    Collect: string list
}

/// What became of it.
type Submitted = {
    Submission: Submission
    /// Tasks that Slurm would not take now, and its words.
    Refused: (int * string) option
}

let private prefix = "causal-debias-"

let private newName () =
    prefix + Guid.NewGuid().ToString("N").Substring(0, 8)

/// The job ids that the queue shows of arrays whose coordinator was gone before it was told.
let private reconcile (jobs: QueuedJob list) submission = {
    submission with
        Arrays =
            submission.Arrays
            |> List.map (fun array ->
                let shown =
                    jobs |> List.tryFind (fun job -> job.Name = array.Name) |> Option.map _.JobId

                {
                    array with
                        JobId = Option.orElse shown array.JobId
                })
}

let private fresh request = {
    Arrays = []
    Collecting = None
    Workers = request.Options.Shape.Workers
    StartedUtc = DateTime.UtcNow
    IsCollected = false
}

let private arraySize request =
    match Sbatch.arrayLimit () with
    | Ok cluster ->
        request.Options.ArrayLimit
        |> Option.map (min cluster)
        |> Option.defaultValue cluster
    | Error refusal -> Queue.refuse "scontrol" refusal

/// Submits an array; the record names it before Slurm does, so that it can be found in the queue.
let private submitArray request submission (name, tasks: ClusterTask list) =
    TaskFile.write request.Folder name tasks

    let array = {
        Name = name
        Tasks = tasks.Length
        JobId = None
    }

    let withArray array = {
        submission with
            Arrays = submission.Arrays @ [ array ]
    }

    Submission.write request.Folder (withArray array)

    let answer =
        Sbatch.submitArray request.Options tasks.Length {
            Name = name
            Folder = TaskFile.folder request.Folder name
            Command = request.Task name
        }

    let left =
        match answer with
        | Ok id -> withArray { array with JobId = Some id }
        | Error _ ->
            Directory.Delete(TaskFile.folder request.Folder name, recursive = true)
            submission

    Submission.write request.Folder left
    left, answer |> Result.map ignore

/// Submits arrays until Slurm takes no more.
let rec private submitArrays request submission arrays =
    match arrays with
    | [] -> {
        Submission = submission
        Refused = None
      }
    | next :: rest ->
        match submitArray request submission next with
        | submission, Ok() -> submitArrays request submission rest
        | submission, Error refusal ->
            match refusal with
            | SlurmProgram.Said words when not submission.Arrays.IsEmpty -> {
                Submission = submission
                Refused = Some(arrays |> List.sumBy (snd >> List.length), words)
              }
            | _ -> Queue.refuse "sbatch" refusal

/// Replaces the collecting job by one that waits for all that is live.
let private collectAfter request (jobs: QueuedJob list) arrays submission =
    let old = Option.toList submission.Collecting
    let name = newName () + "-collect"

    let answer =
        Sbatch.submitAfter request.Options arrays {
            Name = name
            Folder = Path.Combine(request.Folder, "cluster")
            Command = request.Collect
        }

    match answer with
    | Error refusal -> Queue.refuse "sbatch" refusal
    | Ok id ->
        let submission = {
            submission with
                Collecting = Some { Name = name; JobId = id }
        }

        Submission.write request.Folder submission

        old
        |> List.filter (fun job ->
            jobs |> List.exists (fun shown -> shown.Name = job.Name && shown.State.IsLive))
        |> List.map _.JobId
        |> Sbatch.cancel

        submission

/// Submits tasks beside those of a submission that is not collected yet, as the queue shows them, and a collecting job for all of
/// them where there is none. Raises InputException with Slurm's words when it takes nothing.
let submit request (previous: Submission option) (jobs: QueuedJob list) (tasks: ClusterTask list) =
    let before =
        match previous with
        | Some submission -> reconcile jobs submission
        | None -> fresh request

    let isLive name =
        jobs |> List.exists (fun job -> job.Name = name && job.State.IsLive)

    let submitted =
        if tasks.IsEmpty then
            Submission.write request.Folder before
            { Submission = before; Refused = None }
        else
            let name = newName ()

            tasks
            |> List.chunkBySize (arraySize request)
            |> List.mapi (fun number chunk -> $"{name}-{number}", chunk)
            |> submitArrays request before

    let isNew (array: SubmittedArray) =
        before.Arrays |> List.forall (fun other -> other.Name <> array.Name)

    let awaited =
        submitted.Submission.Arrays
        |> List.filter (fun array -> isNew array || isLive array.Name)

    let isAwaited =
        submitted.Submission.Collecting |> Option.exists (fun job -> isLive job.Name)
        && not (List.exists isNew awaited)

    if awaited.IsEmpty || isAwaited then
        submitted
    else
        {
            submitted with
                Submission = collectAfter request jobs (awaited |> List.choose _.JobId) submitted.Submission
        }
