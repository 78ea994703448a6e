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

let private isFound folder catalog (planned: PlannedCell) =
    (Store.readCell folder (Todo.item catalog planned.Cell).CellId).IsFound

/// The plan together with the scored cells of the run that the folder held before, and the catalogue with their
/// baselines. Other results are read only where some of those are not found: they may be of a command that is described
/// elsewhere, whose version only its results tell.
let keep access catalog folder (plan: Plan) =
    match tryPlan folder |> Option.map scoredCells |> Option.defaultValue [] with
    | [] -> catalog, plan
    | cells ->
        let scored = { Plan.empty with Cells = cells }

        let catalogOf stored =
            Suite.catalogOfStored access (Plan.append plan scored) stored

        let all =
            let handed = catalogOf []

            if List.forall (isFound folder handed) cells then
                handed
            else
                catalogOf (Store.results (Store.read folder))

        all,
        Plan.append plan {
            scored with
                Cells = List.filter (isFound folder all) cells
        }
