namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Conditions

/// Short names of data conditions.
module SettingName =
    /// Names conditions by the numbers that vary among those of the same data set; empty where none does.
    let among (conditions: DataSpec list) : DataSpec -> string =
        let varying =
            conditions
            |> List.groupBy _.Dataset
            |> List.map (fun (dataset, own) ->
                dataset,
                Axis.all
                |> List.filter (fun axis -> (own |> List.map axis.Describe |> List.distinct).Length > 1))
            |> Map.ofList

        fun data ->
            Map.tryFind data.Dataset varying
            |> Option.defaultValue Axis.all
            |> List.map (fun axis -> axis.Describe data)
            |> String.concat ", "
