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

/// The plan together with the scored cells of the run that the folder held before, and the catalogue with their baselines.
let keep access catalog folder (plan: Plan) =
    match tryPlan folder with
    | None -> catalog, plan
    | Some earlier ->
        let all = Suite.catalogOf access (Plan.append plan earlier)
        let stored = Store.read folder

        let isKept (planned: PlannedCell) =
            Catalog.isScored all planned.Cell.Baseline
            && (Todo.standing stored Nothing (Todo.item all planned.Cell)).IsFinished

        all,
        Plan.append plan {
            Plan.empty with
                Cells = List.filter isKept earlier.Cells
        }
