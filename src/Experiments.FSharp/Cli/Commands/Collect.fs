/// `collect`: writes the report once tasks of a scheduler have ended; not for people.
module CausalDebiasing.Bench.Cli.Commands.Collect

open System
open System.Threading
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Running.Slurm
open CausalDebiasing.Runtime

let private pause, attempts = TimeSpan.FromSeconds 2., 60

/// Takes the folder, which a coordinator has for as long as it submits.
let rec private take folder attempt =
    try
        RunFolder.take folder
    with :? InputException when attempt < attempts ->
        Thread.Sleep pause
        take folder (attempt + 1)

/// Whether this job is the one that collects: with more tasks submitted, another has taken its place.
let private isAsked submission =
    match submission.Collecting, Option.ofObj (Environment.GetEnvironmentVariable "SLURM_JOB_NAME") with
    | Some job, Some own -> job.Name = own
    | _ -> false

let private collect folder dataRoot submission =
    let planFile = PlanFile.read folder
    let stored = KeptPredictions.storeOf folder
    let items = FinishedRun.items dataRoot planFile.Plan stored

    let results =
        RunPlan.setCorruptAside stored items |> FinishedRun.results planFile.Plan items

    if results.IsEmpty then
        eprintfn "No cell has a result."
        Exit.CheckFailed
    else
        RunEnvironment.write folder {
            RunEnvironment.capture planFile.Command submission.Workers with
                Engine = "slurm"
                StartedUtc = submission.StartedUtc
                EndedUtc = Some DateTime.UtcNow
        }

        Conclusion.write (Suite.dataAccess dataRoot) folder results
        Submission.collected folder
        Exit.Success

let run arguments =
    let options = Parsing.parse<FolderArgument> "collect" arguments
    let folder = options.GetResult FolderArgument.Out
    use _ = take folder 0

    match Submission.tryRead folder with
    | Some submission when isAsked submission ->
        collect folder (options.TryGetResult FolderArgument.Data_Root) submission
    | _ ->
        printfn "A later job collects."
        Exit.Success
