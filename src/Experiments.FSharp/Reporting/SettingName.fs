namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence

/// Short names of data conditions.
module SettingName =
    let private mechanism (data: DataSpec) =
        let strength = CellRow.number data.MechanismStrength

        match data.Mechanism with
        | Natural -> "missingness of the data"
        | Mcar -> "missing completely at random"
        | Mar -> $"missing by an observed modality ({strength})"
        | MnarSelf -> $"missing by the hidden value ({strength})"
        | MnarLatent -> $"missing by severity ({strength})"
        | OutcomeLinked -> $"missing by the outcome ({strength})"
        | Acquisition -> $"missing by severity, site and outcome ({strength})"

    let private describe (axis: Axis) (data: DataSpec) =
        if axis.Name = Axis.mechanismStrength.Name then
            mechanism data
        else
            axis.Describe data

    /// Names conditions by the numbers that vary among those of the same data set; empty where none does.
    let among (conditions: DataSpec list) : DataSpec -> string =
        let varying =
            conditions
            |> List.groupBy _.Dataset
            |> List.map (fun (dataset, own) ->
                dataset,
                Axis.all
                |> List.filter (fun axis -> (own |> List.map (describe axis) |> List.distinct).Length > 1))
            |> Map.ofList

        fun data ->
            Map.tryFind data.Dataset varying
            |> Option.defaultValue Axis.all
            |> List.map (fun axis -> describe axis data)
            |> String.concat ", "
