/// Joining what several runs left behind.
module CausalDebiasing.Bench.Results.Merging

open System
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Runtime

let private sameNumber (a: float) b =
    a = b || (Double.IsNaN a && Double.IsNaN b)

let private numbers (measure: Measure) = [
    "auroc", measure.Auroc
    "auprc", measure.Auprc
    "brier", measure.Brier
    "ece", measure.Ece
    "log_loss", measure.LogLoss
    "oracle_auroc", measure.OracleAuroc
    "do_risk", measure.DoRisk
]

/// What differs between two results of a cell in a few words, if anything: the time it took does not count.
let difference (a: CellResult) (b: CellResult) =
    if a.Status <> b.Status then
        Some "status"
    elif a.TrainRows <> b.TrainRows then
        Some "training rows"
    elif
        [ for measure in a.Measures -> measure.Condition, measure.TestRows ]
        <> [ for measure in b.Measures -> measure.Condition, measure.TestRows ]
    then
        Some "tests"
    else
        List.zip a.Measures b.Measures
        |> List.tryPick (fun (first, second) ->
            List.zip (numbers first) (numbers second)
            |> List.tryFind (fun ((_, x), (_, y)) -> not (sameNumber x y))
            |> Option.map (fun ((name, _), _) -> $"{name} under '{first.Condition}'"))

/// Adds a result to those that are there: one that is done stands for one that is not. Raises InputException, naming the folders,
/// when both are done and differ.
let private add (known: Map<string, string * StoredCell>) (folder, stored: StoredCell) =
    let id = stored.Result.CellId

    match Map.tryFind id known with
    | None -> Map.add id (folder, stored) known
    | Some(_, earlier) when earlier.Result.Status <> Done -> Map.add id (folder, stored) known
    | Some _ when stored.Result.Status <> Done -> known
    | Some(other, earlier) ->
        match difference earlier.Result stored.Result with
        | None -> known
        | Some what ->
            let cell = stored.Result.Cell

            raise (
                InputException
                    $"'{other}' and '{folder}' have different results of cell {id} ({cell.Baseline} {cell.Variant}, {cell.Data.Dataset}, seed {cell.Data.Seed}): {what}. Find out which is right and leave the other out."
            )

/// The plan of all folders and their results, each once. Raises InputException for a folder that holds no run, a result that
/// cannot be believed, and two results of a cell that differ.
let join (folders: string list) =
    let plan =
        folders
        |> List.map (fun folder -> (PlanFile.read folder).Plan)
        |> List.fold Plan.append Plan.empty

    let stored =
        [
            for folder in folders do
                for found in (KeptPredictions.storeOf folder).Values do
                    match found with
                    | Found stored -> folder, stored
                    | Corrupt(file, reason) -> Store.refuse file reason
                    | NotFound -> ()
        ]
        |> List.fold add Map.empty

    plan, [ for _, cell in stored.Values -> cell ]
