/// `rerun`: computes cells of a run again, from nothing, and says whether they come out as they are stored.
module CausalDebiasing.Bench.Cli.Commands.RerunCell

open System
open System.IO
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Runtime

/// Computes a cell without anything that was remembered, and gives the probabilities, too.
let private compute access (item: WorkItem) =
    let scratch = Directory.CreateTempSubdirectory "rerun-"

    try
        let predicted = ref []

        let laboratory = {
            Suite.laboratory access scratch.FullName false with
                Keep =
                    fun item tests ->
                        predicted.Value <-
                            tests |> List.map (fun (test, explained) -> Suite.keptOf item test explained)

                        []
        }

        RunCell(laboratory).Run item, predicted.Value
    finally
        scratch.Delete true

let private largest (stored: TestPredictions list) (now: TestPredictions list) =
    List.zip stored now
    |> List.map (fun (before, after) ->
        Array.map2 (fun (a: float32) b -> abs (a - b)) before.Probabilities after.Probabilities
        |> Array.max)
    |> List.max

/// Older files lack what would be predicted without recalibration.
let private isSame (before: TestPredictions list) (now: TestPredictions list) =
    before.Length = now.Length
    && List.forall2
        (fun stored own -> stored = own || stored = { own with BeforeRecalibration = None })
        before
        now

/// What differs, if anything, and what was compared.
let private compare kept (stored: CellResult) (now: CellResult) (predicted: TestPredictions list) =
    match Merging.difference stored now, kept with
    | Some what, Ok before when now.Status = Done ->
        Error $"{what}; the probabilities differ by %.2g{largest before predicted} at most"
    | Some what, _ -> Error $"""{what}{(if now.Error = "" then "" else $": {now.Error}")}"""
    | None, Ok before when not (isSame before predicted) ->
        Error $"the probabilities differ by %.2g{largest before predicted} at most, and no metric does"
    | None, Ok before -> Ok $"all metrics and {before |> List.sumBy _.Probabilities.Length} probabilities"
    | None, Error reason -> Ok $"all metrics; probabilities were not compared ({reason})"

let private find folder (items: WorkItem list) (id: string) =
    match
        items
        |> List.filter (fun item -> item.CellId.StartsWith(id, StringComparison.Ordinal))
    with
    | [ item ] -> item
    | [] ->
        raise (
            InputException
                $"'{id}' is no cell of the run in '{folder}' (--out): cells.csv has their ids in the column cell_id."
        )
    | several ->
        raise (InputException $"'{id}' begins the ids of {several.Length} cells: write more of its digits.")

let private rerun access folder (stored: StoredCells) (item: WorkItem) =
    let cell = item.Cell

    let name =
        $"{item.CellId} {cell.Baseline} {cell.Variant} {cell.Data.Dataset} seed {cell.Data.Seed}"

    match Store.find stored item.CellId with
    | NotFound -> raise (InputException $"{name} has no result: run the command that made the run again.")
    | Corrupt(file, reason) -> Store.refuse file reason
    | Found known ->
        if known.Result.Status = Done && Double.IsNaN known.Result.FitSeconds then
            raise (
                InputException
                    $"{name}: its predictions came from outside, so that it cannot be computed here; 'score' judges them again."
            )

        let kept = KeptPredictions.read (KeptPredictions.folders folder) known.Result
        let now, predicted = compute access item

        match compare kept known.Result now predicted with
        | Ok what ->
            printfn $"{name}: equal in {what}"
            true
        | Error what ->
            printfn $"{name}: differs in {what}"
            false

let run arguments =
    let options = Parsing.parse<RerunArgument> "rerun" arguments
    // As workers do: with another number of threads the last digits differ.
    TorchRuntime.Threads <- 1
    let folder = options.GetResult RerunArgument.Out
    let dataRoot = options.TryGetResult RerunArgument.Data_Root
    let planFile = PlanFile.read folder

    let stored = Store.read folder

    let items = FinishedRun.items dataRoot planFile.Plan stored
    let access = Suite.dataAccess dataRoot

    let isEqual =
        options.GetResult RerunArgument.Cells
        |> List.map (find folder items)
        |> List.distinct
        |> List.map (rerun access folder stored)

    if List.forall id isEqual then
        Exit.Success
    else
        Exit.CheckFailed
