namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Worlds

/// A number of a data condition that an experiment may vary.
type Axis = {
    Name: string
    Label: string
    /// None where the number has no meaning.
    Value: DataSpec -> float option
    /// The condition with the number taken out, equal for conditions that differ in nothing else.
    Without: DataSpec -> DataSpec
    /// Name and value, for subtitles.
    Describe: DataSpec -> string
}

/// Observations of one experiment that differ only in some axes (and in baseline, variant, seed and test condition).
type Slice = {
    Experiment: string
    Data: DataSpec
    /// What is held fixed, in words.
    Fixed: string
    Observations: Observation list
}

module Axis =
    let private number = CellRow.number

    let confounding = {
        Name = "confounding"
        Label = "confounding strength κ"
        Value = fun data -> Some data.Confounding
        Without = fun data -> { data with Confounding = 0. }
        Describe = fun data -> $"confounding {number data.Confounding}"
    }

    let missingRate = {
        Name = "missing-rate"
        Label = "missing rate"
        Value = _.MissingRate
        Without = fun data -> { data with MissingRate = None }
        Describe =
            fun data ->
                match data.MissingRate with
                | Some rate -> $"missing rate {number rate}"
                | None -> "missingness as recorded"
    }

    let mechanismStrength = {
        Name = "mechanism-strength"
        Label = "strength of the missingness mechanism"
        Value =
            fun data ->
                match data.Mechanism with
                | Natural
                | Mcar -> None
                | _ -> Some data.MechanismStrength
        Without = fun data -> { data with MechanismStrength = 0. }
        Describe = CellRow.mechanismName
    }

    let labelNoise = {
        Name = "label-noise"
        Label = "label noise 1/a"
        Value = fun data -> Some(1. / data.Signal)
        Without = fun data -> { data with Signal = 1. }
        Describe = fun data -> $"label noise {number (1. / data.Signal)}"
    }

    let trainSize = {
        Name = "train-size"
        Label = "rows to train on"
        Value = fun data -> data.TrainSize |> Option.map float
        Without = fun data -> { data with TrainSize = None }
        Describe =
            fun data ->
                match data.TrainSize with
                | Some size -> $"{size} rows to train on"
                | None -> "default training size"
    }

    let all = [ confounding; missingRate; mechanismStrength; labelNoise; trainSize ]

module Slice =
    /// The distinct values of an axis among observations, ascending.
    let values axis (observations: Observation list) =
        observations
        |> List.choose (fun o -> axis.Value o.Setting.Data)
        |> List.distinct
        |> List.sort

    /// Per experiment and data set the slice that varies all given axes (two values or more of each): the one with most
    /// values, then most observations, then the middle one of the order of the fixed numbers.
    let along (axes: Axis list) (observations: Observation list) = [
        let without data =
            axes |> List.fold (fun data axis -> axis.Without data) data

        let described =
            Axis.all
            |> List.filter (fun axis -> axes |> List.forall (fun a -> a.Name <> axis.Name))

        for (experiment, _), group in
            observations
            |> List.groupBy (fun o -> o.Experiment, o.Setting.Data.Dataset)
            |> List.sortBy fst do
            let candidates =
                group
                |> List.groupBy (fun o -> without o.Setting.Data)
                |> List.sortBy fst
                |> List.filter (fun (_, slice) ->
                    axes |> List.forall (fun axis -> (values axis slice).Length > 1))

            let size (_, slice) =
                axes |> List.sumBy (fun axis -> (values axis slice).Length), slice.Length

            if not candidates.IsEmpty then
                let largest = candidates |> List.map size |> List.max
                let best = candidates |> List.filter (fun candidate -> size candidate = largest)
                let data, slice = best[(best.Length - 1) / 2]

                {
                    Experiment = experiment
                    Data = data
                    Fixed =
                        data.Dataset
                        :: (described |> List.map (fun axis -> axis.Describe slice.Head.Setting.Data))
                        |> String.concat ", "
                    Observations = slice
                }
    ]

    /// Baselines that have every one of the variants, in alphabetical order.
    let baselinesWith (variants: Variant list) (observations: Observation list) =
        observations
        |> List.groupBy _.Setting.Baseline
        |> List.filter (fun (_, group) ->
            variants
            |> List.forall (fun variant -> group |> List.exists (fun o -> o.Variant = variant)))
        |> List.map fst
        |> List.sort

    /// Which of the variants ran, in their order, and the baselines that have them all. The ceiling with augmentation is
    /// one of them only where no baseline is lost by it.
    let comparable (variants: Variant list) (observations: Observation list) =
        let ran =
            variants
            |> List.filter (fun variant -> observations |> List.exists (fun o -> o.Variant = variant))

        let without = List.except [ Variant.ceilingAugmented ] ran
        let baselines = baselinesWith without observations

        if baselinesWith ran observations = baselines then
            ran, baselines
        else
            without, baselines
