namespace CausalDebiasing.Bench.Results

open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Worlds

/// A cell to run, with its identity.
type WorkItem = {
    CellId: string
    Identity: string
    Cell: Cell
}

/// Which stored results are computed again.
type Rerun =
    /// None; failed cells stay failed.
    | Nothing
    /// Cells that failed or ran out of time.
    | FailedCells
    | Everything

/// Where a planned cell stands.
type Standing =
    | Finished of CellResult
    | Unfinished of reason: string

/// What is left to do of a plan, given what is on disk.
module Todo =
    /// A cell with its identity. Raises InputException when the data set is absent.
    let item catalog cell =
        let identity = CellId.identity catalog cell

        {
            CellId = CellId.ofIdentity identity
            Identity = identity
            Cell = cell
        }

    /// The distinct cells of a plan with their identities.
    let items catalog plan =
        plan.Cells
        |> List.map (fun planned -> planned.Cell)
        |> List.distinct
        |> List.map (item catalog)

    let private changed (stored: StoredCell seq) item =
        stored
        |> Seq.tryFind (fun other -> other.Result.Cell = item.Cell)
        |> Option.map (fun other -> $"stale: {IdentityChange.describe other.Identity item.Identity}")
        |> Option.defaultValue "never computed"

    /// Where an item stands; `stored` is all that the folder holds.
    let standing (stored: StoredCells) rerun item =
        match Store.find stored item.CellId, rerun with
        | NotFound, _ -> Unfinished(changed (Store.results stored) item)
        | Corrupt(file, reason), _ -> Unfinished $"'{file}' cannot be believed: {reason}"
        | Found _, Everything -> Unfinished "forced"
        | Found {
                    Result = { Status = Failed | TimedOut } as result
                },
          FailedCells -> Unfinished $"failed: {result.Error}"
        | Found stored, _ -> Finished stored.Result

    /// The results at hand with their experiments, in the plan's order; cells of absent data sets are Skipped with
    /// the reason, and cells without a result are left out.
    let results (plan: Plan) (items: WorkItem list) (found: CellResult list) =
        let idOf = items |> List.map (fun item -> item.Cell, item.CellId) |> dict
        let byId = found |> List.map (fun result -> result.CellId, result) |> dict

        let computed =
            plan.Cells
            |> List.choose (fun planned ->
                match byId.TryGetValue idOf[planned.Cell] with
                | true, result -> Some(planned.Experiment, result)
                | _ -> None)

        let skipped =
            plan.Skipped
            |> List.map (fun (planned, reason) ->
                planned.Experiment, CellResult.without planned.Cell "" Skipped reason)

        computed @ skipped
