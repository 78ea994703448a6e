/// A run that is on disk, for verbs that only read.
module CausalDebiasing.Bench.Cli.Commands.FinishedRun

open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running

/// The run's plan and its finished cells with their experiments. Raises InputException when the folder holds no
/// run, or a result in it cannot be believed.
let read folder dataRoot =
    let planFile = PlanFile.read folder
    let catalog = Suite.catalogOf (Suite.dataAccess dataRoot) planFile.Plan
    let items = Todo.items catalog planFile.Plan

    let stored = Store.read folder

    let found =
        items
        |> List.choose (fun item ->
            match Store.find stored item.CellId with
            | Found stored -> Some stored.Result
            | NotFound -> None
            | Corrupt(file, reason) -> Store.refuse file reason)

    planFile, Todo.results planFile.Plan items found
