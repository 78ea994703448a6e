/// `report`: tables, figures and report from results that are there.
module CausalDebiasing.Bench.Cli.Commands.MakeReport

open CausalDebiasing.Bench.Cli
open CausalDebiasing.Runtime

let run arguments =
    let options = Parsing.parse<FolderArgument> "report" arguments
    let folder = options.GetResult FolderArgument.Out

    let planFile, results =
        FinishedRun.read folder (options.TryGetResult FolderArgument.Data_Root)

    if results.IsEmpty then
        raise (InputException $"'{folder}' (--out) holds no finished cell: run '{planFile.Command}' again.")

    Conclusion.write folder results
    Exit.Success
