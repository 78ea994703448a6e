/// `new-baseline`: starts a baseline of the user's own.
module CausalDebiasing.Bench.Cli.Commands.NewBaseline

open System.IO
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Runtime

let private folder () =
    match Repository.tryRoot () with
    | Some root -> Path.Combine(root, "baselines")
    | None ->
        raise (
            InputException
                "There is no source tree around this program, so a new baseline would not be built: run 'dotnet fsi build.fsx new-baseline' in one."
        )

let run arguments =
    let options = Parsing.parse<NewBaselineArgument> "new-baseline" arguments
    let id = options.GetResult NewBaselineArgument.Id
    let taken = [ for baseline in Suite.baselines.Value -> baseline.Info.Id ]
    let file = BaselineFile.create (folder ()) taken id

    printfn
        $"Wrote {file}: the next command builds it, and 'baselines', 'sweep', 'reproduce' and 'test' include it. Deleting the file removes it."

    Exit.Success
