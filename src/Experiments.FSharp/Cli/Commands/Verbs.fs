/// The verbs of the program and their help.
module CausalDebiasing.Bench.Cli.Commands.Verbs

open Argu
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running
open CausalDebiasing.Runtime

/// One verb.
type Verb = {
    Name: string
    /// One line.
    Purpose: string
    Usage: unit -> string
    /// Raises InputException for arguments that the verb does not take, without running it.
    Check: string list -> unit
    /// Takes the whole command line and the arguments after the verb; gives the exit code.
    Run: string -> string list -> int
}

let private verb<'argument when 'argument :> IArgParserTemplate> name purpose run = {
    Name = name
    Purpose = purpose
    Usage = Parsing.usage<'argument> name
    Check = fun arguments -> Parsing.parse<'argument> name arguments |> ignore
    Run = run
}

let private passedOn program name purpose run = {
    Name = name
    Purpose = purpose
    Usage = fun () -> $"Arguments are passed on to {program}.\n"
    Check = ignore
    Run = run
}

/// The verbs for people, in the order of the help.
let all = [
    verb<ReproduceArgument> "reproduce" "run all experiments of a profile and write the report" Reproduce.run
    verb<AuditArgument> "audit" "what is wrong with data, and should they be debiased?" (fun _ -> Audit.run)
    verb<SweepArgument> "sweep" "run the cells of axes of your own" Sweep.run
    verb<ExportArgument> "export" "write studies as files, for a model in any language" (fun _ -> Export.run)
    verb<ScoreArgument> "score" "judge a model's predictions for exported studies" Score.run
    verb<MergeArgument> "merge" "join the results of several runs" Merge.run
    verb<FolderArgument> "status" "what of a run is done, failed or left, and why" (fun _ -> Status.run)
    verb<ReportArgument> "report" "write tables, figures and report from results that are there" (fun _ ->
        MakeReport.run)
    verb<RerunArgument> "rerun" "compute cells of a run again and say whether they come out equal" (fun _ ->
        RerunCell.run)
    verb<RegressArgument>
        "regress"
        "run the smoke grid and compare it with the blessed metrics, or bless it"
        Regress.run
    verb<DataArgument> "data" "which real data sets are there, and what is in them" (fun _ -> Data.run)
    verb<ListArgument>
        "list"
        "what the options take: worlds, variants, mechanisms, profiles, data sets"
        (fun _ -> ListNames.run)
    verb<NoArgument> "baselines" "what can be compared" (fun _ -> Baselines.run)
    verb<NewBaselineArgument> "new-baseline" "start a baseline of your own: one file to edit" (fun _ ->
        NewBaseline.run)
    verb<DoctorArgument> "doctor" "is everything there that a run needs?" (fun _ -> Doctor.run)
    passedOn
        "BenchmarkDotNet"
        "bench"
        "run the micro-benchmarks; 'bench peer' trains beside PyTorch"
        (fun _ -> Bench.run)
    passedOn "Expecto" "test" "run the test suite" (fun _ -> RunTests.run)
    verb<DocumentsArgument>
        "documents"
        "fill the tables of README and docs from results/, or check that they are those"
        (fun _ -> Documents.run)
    verb<NoArgument>
        "matrix"
        "run the tests that train on every instruction set, with one and two threads and other seeds"
        (fun _ -> Matrix.run)
    verb<TortureArgument>
        "torture"
        "kill, stop, fill, damage and edit what a run needs, and count how often nothing is lost or wrong"
        (fun _ -> Torture.run)
]

let private names = (all |> List.map _.Name) @ [ "help" ]

let private overview () =
    printfn $"usage: {Parsing.program} VERB [OPTIONS]\n"

    for verb in all do
        printfn $"    {verb.Name, -14}{verb.Purpose}"

    printfn $"""    {"help", -14}this text, or the options of a verb: help VERB"""

let private find name =
    match all |> List.tryFind (fun verb -> verb.Name = name) with
    | Some verb -> verb
    | None -> raise (InputException $"Unknown verb '{name}': {Names.hint names name}")

let private help arguments =
    match arguments with
    | [] -> overview ()
    | name :: _ -> printf $"{(find name).Usage()}"

    Exit.Success

/// Runs a command line. Raises InputException for an unknown verb.
let run arguments =
    match arguments with
    | []
    | ("help" | "--help" | "-h") :: _ -> help (List.truncate 1 (List.skip (min 1 arguments.Length) arguments))
    | "worker" :: rest -> Worker.run rest
    | "task" :: rest -> Task.run rest
    | "collect" :: rest -> Collect.run rest
    | verb :: ("--help" | "-h") :: _ -> help [ verb ]
    | verb :: rest -> (find verb).Run (String.concat " " arguments) rest
