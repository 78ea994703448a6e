/// `torture`: does a run lose or falsify anything when processes are killed, files damaged and machines full?
module CausalDebiasing.Bench.Cli.Commands.Torture

open System
open System.Collections.Concurrent
open System.Diagnostics
open System.IO
open System.Threading
open System.Threading.Tasks
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Cli.Faults
open CausalDebiasing.Runtime

/// Cases that are tried two at a time.
let private together =
    List.concat [
        Kills.cases
        Interruptions.cases
        EditedData.cases
        DamagedFiles.cases
        Surroundings.cases
        HostileNames.cases
    ]

let private prepare isShort folder =
    let setting = {
        Scratch = folder
        Manifest = SmallGrid.write (Path.Combine(folder, "data"))
        Finished = Path.Combine(folder, "finished")
        Seconds = 0.
        Jobs = if isShort then 1 else 2
        Random = Random 1
    }

    let clock = Stopwatch.StartNew()

    let ended =
        SmallGrid.run setting (SmallGrid.sweep setting setting.Manifest setting.Finished)

    if ended.Code <> 0 then
        raise (
            InputException
                $"The undisturbed run does not succeed ({Play.describe ended}): try the verb 'doctor'."
        )

    {
        setting with
            Seconds = clock.Elapsed.TotalSeconds
    }

/// Tries a case in a folder that is kept where something did not hold.
let private attempt setting (case: Case) number =
    let around = Directory.CreateTempSubdirectory("causal-debias-trial-").FullName
    let folder = Directory.CreateDirectory(Path.Combine(around, "trial")).FullName

    let broken =
        try
            case.Try { setting with Random = Random number } folder
        with failure ->
            Some $"{failure.GetType().Name}: {failure.Message}"

    match broken with
    | None ->
        Directory.Delete(around, recursive = true)
        None
    | Some reason -> Some $"{reason} ({folder})"

let private gate = obj ()

/// Whether all trials of a case held; says so.
let private examine setting isShort (stop: CancellationToken) (case: Case) =
    match case.Obstacle() with
    | Some reason ->
        lock gate (fun () -> printfn $"{case.Name, -50} skipped: {reason}")
        true
    | None ->
        let trials = if isShort then case.Short else case.Whole
        let mutable tried = 0
        let mutable broken = []

        while tried < trials && not stop.IsCancellationRequested do
            let reason = attempt setting case (tried + 1)

            // An interruption ends what is tried at that moment, too.
            if not stop.IsCancellationRequested then
                tried <- tried + 1
                broken <- broken @ Option.toList reason

        lock gate (fun () ->
            printfn $"{case.Name, -50} held {tried - broken.Length} of {tried}"
            broken |> List.truncate 3 |> List.iter (printfn "    %s"))

        broken.IsEmpty

/// Whether all cases held, some of them tried at once.
let private examineAll examine atOnce (cases: Case list) =
    let held = ConcurrentBag<bool>()
    let source = Partitioner.Create(cases, EnumerablePartitionerOptions.NoBuffering)
    let options = ParallelOptions(MaxDegreeOfParallelism = atOnce)
    Parallel.ForEach(source, options, examine >> held.Add) |> ignore
    Seq.forall id held

let run arguments =
    let options = Parsing.parse<TortureArgument> "torture" arguments

    if not (OperatingSystem.IsLinux()) then
        raise (InputException "'torture' sends signals as Linux has them: run it there.")

    use interruption = new Interruption()
    let isShort = options.Contains TortureArgument.Short
    let folder = Directory.CreateTempSubdirectory("causal-debias-torture-").FullName

    try
        let setting = prepare isShort folder
        let text = options.GetResult(TortureArgument.Only, defaultValue = "")

        let chosen =
            List.filter (fun (case: Case) ->
                (not isShort || case.Short > 0)
                && case.Name.Contains(text, StringComparison.OrdinalIgnoreCase))

        let examine = examine setting isShort interruption.Token

        let held = [
            examineAll examine 2 (chosen together)
            examineAll examine 1 (chosen SourceTree.cases)
        ]

        if interruption.Token.IsCancellationRequested then
            Exit.Interrupted
        elif List.forall id held then
            Exit.Success
        else
            Exit.CheckFailed
    finally
        Directory.Delete(folder, recursive = true)
