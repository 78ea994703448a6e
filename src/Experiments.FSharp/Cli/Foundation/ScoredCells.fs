/// Cells whose predictions came from outside: no worker can compute them, so that a run of their folder keeps them.
module CausalDebiasing.Bench.Cli.ScoredCells

open System.IO
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Runtime

let private tryPlan folder =
    if File.Exists(RunFolder.plan folder) then
        try
            Some (PlanFile.read folder).Plan
        with :? InputException ->
            None
    else
        None

let private scoredCells (plan: Plan) =
    let elsewhere =
        plan.Cells
        |> List.map _.Cell.Baseline
        |> List.distinct
        |> List.filter (Suite.isKnownBaseline >> not)
        |> Set.ofList

    plan.Cells
    |> List.filter (fun planned -> elsewhere.Contains planned.Cell.Baseline)

/// The plan together with the scored cells of the run that the folder held before, and the catalogue with their
/// baselines. Of the results only those of scored cells are read.
let keep access catalog folder (plan: Plan) =
    match tryPlan folder |> Option.map scoredCells |> Option.defaultValue [] with
    | [] -> catalog, plan
    | cells ->
        let scored = { Plan.empty with Cells = cells }
        let all = Suite.catalogOf access (Plan.append plan scored)

        let isKept (planned: PlannedCell) =
            (Store.readCell folder (Todo.item all planned.Cell).CellId).IsFound

        all,
        Plan.append plan {
            scored with
                Cells = List.filter isKept cells
        }
