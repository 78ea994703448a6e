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
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Runtime

/// Cases that are tried two at a time, beside most of the generated inputs.
let private disturbed =
    List.concat [
        Kills.cases
        Interruptions.cases
        EditedData.cases
        DamagedFiles.cases
        Surroundings.cases
        HostileNames.cases
        OddPaths.cases
        Privacy.cases
        Checkpoints.cases
    ]

/// Generated inputs where not said otherwise.
let private usualInputs = 20000

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

/// How often a case held.
type private Tried = { Case: Case; Trials: int; Held: int }

/// Tries a case and says how often it held; None where it cannot be tried here.
let private examine setting isShort (stop: CancellationToken) (case: Case) =
    match case.Obstacle() with
    | Some reason ->
        lock gate (fun () -> printfn $"{case.Name, -50} skipped: {reason}")
        None
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

        Some {
            Case = case
            Trials = tried
            Held = tried - broken.Length
        }

/// Tries cases, some of them at once; gives what could be tried, in the order of the cases.
let private examineAll (examine: Case -> Tried option) atOnce (cases: Case list) =
    let tried = ConcurrentBag<Tried>()
    let source = Partitioner.Create(cases, EnumerablePartitionerOptions.NoBuffering)
    let options = ParallelOptions(MaxDegreeOfParallelism = atOnce)

    Parallel.ForEach(source, options, examine >> Option.iter tried.Add) |> ignore

    cases
    |> List.choose (fun case -> tried |> Seq.tryFind (fun one -> one.Case.Name = case.Name))

/// Writes the counts as a Markdown table.
let private write file (tried: Tried list) =
    let line cells = "| " + String.concat " | " cells + " |"

    let lines = [
        "# Faults\n"
        line [ "what is done to a run, or read"; "trials"; "held" ]
        line [ "---"; "---:"; "---:" ]
        for one in tried do
            line [ one.Case.Name; string one.Trials; string one.Held ]
    ]

    AtomicFile.writeText file (String.concat "\n" lines + "\n")

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

        let inputs =
            GeneratedInputs.cases @ Checkpoints.inputs @ CommandLines.inputs
            |> GeneratedInputs.scaled (options.GetResult(TortureArgument.Inputs, defaultValue = usualInputs))

        // Command lines are tried in this process, whose output is caught meanwhile.
        let isAlone (case: Case) =
            CommandLines.inputs |> List.exists (fun other -> other.Name = case.Name)

        let alone, together = inputs |> List.partition isAlone
        let examine = examine setting isShort interruption.Token

        let tried =
            examineAll examine 2 (chosen (disturbed @ together))
            @ examineAll examine 1 (chosen (alone @ SourceTree.cases))

        if interruption.Token.IsCancellationRequested then
            Exit.Interrupted
        else
            options.TryGetResult TortureArgument.Out
            |> Option.iter (fun file -> write file tried)

            if tried |> List.forall (fun one -> one.Held = one.Trials) then
                Exit.Success
            else
                Exit.CheckFailed
    finally
        Directory.Delete(folder, recursive = true)
