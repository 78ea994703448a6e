/// The verbs of the program and their help.
module CausalDebiasing.Bench.Cli.Commands.Verbs

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
    /// Takes the whole command line and the arguments after the verb; gives the exit code.
    Run: string -> string list -> int
}

let private passedOn program () =
    $"Arguments are passed on to {program}.\n"

/// The verbs for people, in the order of the help.
let all = [
    {
        Name = "reproduce"
        Purpose = "run all experiments of a profile and write the report"
        Usage = Parsing.usage<ReproduceArgument> "reproduce"
        Run = Reproduce.run
    }
    {
        Name = "sweep"
        Purpose = "run the cells of axes of your own"
        Usage = Parsing.usage<SweepArgument> "sweep"
        Run = Sweep.run
    }
    {
        Name = "export"
        Purpose = "write studies as files, for a model in any language"
        Usage = Parsing.usage<ExportArgument> "export"
        Run = fun _ -> Export.run
    }
    {
        Name = "score"
        Purpose = "judge a model's predictions for exported studies"
        Usage = Parsing.usage<ScoreArgument> "score"
        Run = Score.run
    }
    {
        Name = "merge"
        Purpose = "join the results of several runs"
        Usage = Parsing.usage<MergeArgument> "merge"
        Run = Merge.run
    }
    {
        Name = "status"
        Purpose = "what of a run is done, failed or left, and why"
        Usage = Parsing.usage<FolderArgument> "status"
        Run = fun _ -> Status.run
    }
    {
        Name = "report"
        Purpose = "write tables, figures and report from results that are there"
        Usage = Parsing.usage<FolderArgument> "report"
        Run = fun _ -> MakeReport.run
    }
    {
        Name = "regress"
        Purpose = "run the smoke grid and compare it with the blessed metrics, or bless it"
        Usage = Parsing.usage<RegressArgument> "regress"
        Run = Regress.run
    }
    {
        Name = "data"
        Purpose = "which real data sets are there, and what is in them"
        Usage = Parsing.usage<DataArgument> "data"
        Run = fun _ -> Data.run
    }
    {
        Name = "list"
        Purpose = "what the options take: worlds, variants, mechanisms, profiles, data sets"
        Usage = Parsing.usage<ListArgument> "list"
        Run = fun _ -> ListNames.run
    }
    {
        Name = "baselines"
        Purpose = "what can be compared"
        Usage = Parsing.usage<NoArgument> "baselines"
        Run = fun _ -> Baselines.run
    }
    {
        Name = "new-baseline"
        Purpose = "start a baseline of your own: one file to edit"
        Usage = Parsing.usage<NewBaselineArgument> "new-baseline"
        Run = fun _ -> NewBaseline.run
    }
    {
        Name = "doctor"
        Purpose = "is everything there that a run needs?"
        Usage = Parsing.usage<DoctorArgument> "doctor"
        Run = fun _ -> Doctor.run
    }
    {
        Name = "bench"
        Purpose = "run the micro-benchmarks"
        Usage = passedOn "BenchmarkDotNet"
        Run = fun _ -> Bench.run
    }
    {
        Name = "test"
        Purpose = "run the test suite"
        Usage = passedOn "Expecto"
        Run = fun _ -> RunTests.run
    }
    {
        Name = "documents"
        Purpose = "fill the tables of README and docs from results/, or check that they are those"
        Usage = Parsing.usage<DocumentsArgument> "documents"
        Run = fun _ -> Documents.run
    }
    {
        Name = "matrix"
        Purpose =
            "run the tests that train on every instruction set, with one and two threads and other seeds"
        Usage = Parsing.usage<NoArgument> "matrix"
        Run = fun _ -> Matrix.run
    }
    {
        Name = "torture"
        Purpose =
            "kill, stop, fill, damage and edit what a run needs, and count how often nothing is lost or wrong"
        Usage = Parsing.usage<TortureArgument> "torture"
        Run = fun _ -> Torture.run
    }
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
    | verb :: ("--help" | "-h") :: _ -> help [ verb ]
    | verb :: rest -> (find verb).Run (String.concat " " arguments) rest
