/// How long a cell may take, to make tasks of about the same length. A wrong guess costs time, never a result.
module CausalDebiasing.Bench.Running.Cluster.CellSeconds

open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results

/// Seconds of a cell of which nothing is known.
let unknown = 20.

/// Seconds of a cell besides its fit: data, tests and what it says about itself.
let private around = 2.

/// Mean seconds of what is done, by a property of its cell.
let private means key (stored: StoredCell list) =
    stored
    |> List.filter (fun cell -> cell.Result.Status = Done && cell.Result.FitSeconds > 0.)
    |> List.groupBy (fun cell -> key cell.Result.Cell)
    |> List.map (fun (key, cells) -> key, cells |> List.averageBy _.Result.FitSeconds)
    |> Map.ofList

/// The seconds of a cell by those that are done: of the same baseline and variant, else of the same baseline.
let estimate (stored: StoredCell seq) =
    let stored = List.ofSeq stored
    let near = means (fun cell -> cell.Baseline, cell.Variant) stored
    let far = means _.Baseline stored

    fun (cell: Cell) ->
        Map.tryFind (cell.Baseline, cell.Variant) near
        |> Option.orElse (Map.tryFind cell.Baseline far)
        |> Option.map ((+) around)
        |> Option.defaultValue unknown
