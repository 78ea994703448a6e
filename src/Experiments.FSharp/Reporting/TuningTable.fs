namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Worlds

/// The hyper-parameter setting that a search chose for one baseline in one variant, among candidates of an equal number
/// for every method.
type TunedRow = {
    Experiment: string
    /// Seed 0.
    Data: DataSpec
    Baseline: string
    Variant: Variant
    Candidates: int
    Seeds: int
    /// What differs from the defaults; nothing where the defaults won.
    Chosen: Map<string, float>
    /// Mean over the seeds, of the defaults and of the chosen setting.
    ValidationLogLoss: float * float
    /// Mean test AUROC by condition, of the defaults and of the chosen setting.
    Auroc: (string * float * float) list
}

module TuningTable =
    /// Mean validation log loss of a setting that finished with all these seeds.
    let private score seeds (results: CellResult list) =
        let losses =
            results |> List.choose (Diagnostic.tryNumber Diagnostic.validationLogLoss)

        if losses.Length = Set.count seeds then
            Some(List.average losses)
        else
            None

    let private auroc condition (results: CellResult list) =
        results
        |> List.collect _.Measures
        |> List.filter (fun measure -> measure.Condition = condition)
        |> List.map _.Auroc
        |> Statistics.mean

    let private row (experiment, data, baseline, variant) (results: CellResult list) =
        let seeds = results |> List.map _.Cell.Data.Seed |> Set.ofList

        let scored =
            results
            |> List.groupBy _.Cell.Hyperparameters
            |> List.choose (fun (setting, group) ->
                score seeds group |> Option.map (fun loss -> setting, loss, group))

        match scored |> List.tryFind (fun (setting, _, _) -> setting.IsEmpty) with
        | Some(_, loss, defaults) when scored.Length > 1 ->
            let chosen, least, best = scored |> List.minBy (fun (_, loss, _) -> loss)

            Some {
                Experiment = experiment
                Data = data
                Baseline = baseline
                Variant = variant
                Candidates = scored.Length
                Seeds = seeds.Count
                Chosen = chosen
                ValidationLogLoss = loss, least
                Auroc = [
                    for condition in
                        defaults |> List.collect _.Measures |> List.map _.Condition |> List.distinct do
                        condition, auroc condition defaults, auroc condition best
                ]
            }
        | _ -> None

    /// One row per method and setting of which several hyper-parameter settings finished, the defaults among them. The one
    /// with the least mean log loss on the validation rows is chosen; test sets play no part.
    let rows (results: (string * CellResult) list) =
        results
        |> List.filter (fun (_, result) -> result.Status = Done)
        |> List.groupBy (fun (experiment, result) ->
            experiment, { result.Cell.Data with Seed = 0 }, result.Cell.Baseline, result.Cell.Variant)
        |> List.choose (fun (key, group) -> row key (List.map snd group))

    /// Hyper-parameters as "name value", or what the defaults are called.
    let describe (chosen: Map<string, float>) =
        if chosen.IsEmpty then
            "defaults"
        else
            chosen
            |> Map.toList
            |> List.map (fun (name, value) -> $"{name} %.4g{value}")
            |> String.concat ", "
