/// A run that is on disk, for verbs that only read.
module CausalDebiasing.Bench.Cli.Commands.FinishedRun

open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running

/// The cells of a plan, as this build identifies them. Raises InputException when a data set is absent.
let items dataRoot (plan: Plan) (stored: StoredCells) =
    let catalog =
        Suite.catalogOfStored (Suite.dataAccess dataRoot) plan (Store.results stored)

    Todo.items catalog plan

/// One line for every reason why results of planned cells do not count.
let private warnOfStale (stored: StoredCells) (items: WorkItem list) =
    let missing =
        items |> List.filter (fun item -> (Store.find stored item.CellId).IsNotFound)

    let byCell =
        Store.results stored |> Seq.map (fun cell -> cell.Result.Cell, cell) |> dict

    for change, count in
        missing
        |> List.choose (fun item ->
            match byCell.TryGetValue item.Cell with
            | true, other -> Some(IdentityChange.describe other.Identity item.Identity)
            | _ -> None)
        |> List.countBy id do
        eprintfn
            $"{count} stored cells are left out, since they were computed otherwise ({change}): compute them again, or put back what changed."

/// The results of a plan's cells, with their experiments; says on standard error which stored ones are left out. Raises
/// InputException when a result cannot be believed.
let results plan (items: WorkItem list) (stored: StoredCells) =
    warnOfStale stored items

    items
    |> List.choose (fun item ->
        match Store.find stored item.CellId with
        | Found stored -> Some stored.Result
        | NotFound -> None
        | Corrupt(file, reason) -> Store.refuse file reason)
    |> Todo.results plan items

/// The run's plan and its finished cells with their experiments. Raises InputException when the folder holds no
/// run, or a result in it cannot be believed.
let read folder dataRoot =
    let planFile = PlanFile.read folder

    let stored = KeptPredictions.storeOf folder

    planFile, results planFile.Plan (items dataRoot planFile.Plan stored) stored
