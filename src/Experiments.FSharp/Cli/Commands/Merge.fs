/// `merge`: joins run folders of several people or machines.
module CausalDebiasing.Bench.Cli.Commands.Merge

open System
open System.IO
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Results
open CausalDebiasing.Runtime

let run (commandLine: string) arguments =
    let options = Parsing.parse<MergeArgument> "merge" arguments
    let folder = options.GetResult MergeArgument.Out
    let runs = options.GetResult MergeArgument.Runs

    let dataRoot = options.TryGetResult MergeArgument.Data_Root
    let plan, cells = Merging.join runs
    let stored = Map [ for cell in cells -> cell.Result.CellId, Found cell ]

    let items = FinishedRun.items dataRoot plan stored

    use _ = RunFolder.take folder

    if File.Exists(RunFolder.plan folder) then
        raise (InputException $"'{folder}' (--out) holds a run already: name a new folder.")

    for cell in cells do
        KeptPredictions.bring runs folder cell.Result
        Store.write folder cell

    PlanFile.write folder {
        Command = commandLine
        Profile = "merge"
        Plan = plan
    }

    RunEnvironment.write folder {
        RunEnvironment.capture commandLine 1 with
            EndedUtc = Some DateTime.UtcNow
    }

    printfn $"{cells.Length} cells of {runs.Length} runs in '{folder}'."

    FinishedRun.results plan items stored
    |> Conclusion.write (Suite.dataAccess dataRoot) folder

    Exit.Success
