namespace CausalDebiasing.Bench.Planning

open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Runtime

/// The values of every axis of a sweep; the sweep is their product. On real data sets the missing rate, mechanism and
/// confounding are biases in addition to their own.
type Grid = {
    Datasets: string list
    Baselines: string list
    Variants: Variant list
    /// How many hyper-parameter settings of every baseline are tried; 1: the defaults.
    Candidates: int
    MissingRates: float list
    Mechanisms: Mechanism list
    MechanismStrengths: float list
    Confoundings: float list
    Signals: float list
    /// None: the data set's own size.
    TrainSizes: int option list
    Seeds: int list
}

module Grid =
    /// The same axes with real data as they were recorded.
    let asRecorded grid = {
        grid with
            MissingRates = [ 0. ]
            Mechanisms = [ Natural ]
            MechanismStrengths = [ 0. ]
            Confoundings = [ 0. ]
            Signals = [ 1. ]
    }

    /// Mechanism of that name. Raises InputException naming the nearest ones.
    let mechanism option word =
        Names.require "mechanism" option (List.map fst Mechanism.all) word
        Mechanism.all |> List.find (fun (name, _) -> name = word) |> snd

    let private atLeast option least values =
        for value: int in values do
            if value < least then
                raise (
                    InputException
                        $"{option} {value} is out of range: give a whole number of at least {least}."
                )

    /// Raises InputException for an empty axis, an unknown name (with the nearest ones) or a value out of range.
    let validate catalog grid =
        for option, isEmpty in
            [
                "--dataset", grid.Datasets.IsEmpty
                "--baselines", grid.Baselines.IsEmpty
                "--variants", grid.Variants.IsEmpty
                "--missing-rate", grid.MissingRates.IsEmpty
                "--mechanism", grid.Mechanisms.IsEmpty
                "--mechanism-strength", grid.MechanismStrengths.IsEmpty
                "--confounding", grid.Confoundings.IsEmpty
                "--signal", grid.Signals.IsEmpty
                "--train-size", grid.TrainSizes.IsEmpty
                "--seeds", grid.Seeds.IsEmpty
            ] do
            if isEmpty then
                raise (InputException $"{option} has no values: give at least one.")

        let known kind option names =
            List.iter (Names.require kind option names)

        known "data set" "--dataset" (Catalog.datasetNames catalog) grid.Datasets
        known "baseline" "--baselines" (Catalog.baselineIds catalog) grid.Baselines

        List.iter ConditionRange.missingRate grid.MissingRates
        List.iter ConditionRange.mechanismStrength grid.MechanismStrengths
        List.iter ConditionRange.confounding grid.Confoundings
        List.iter ConditionRange.signal grid.Signals
        grid.TrainSizes |> List.choose id |> List.iter (ConditionRange.trainSize 100)
        atLeast "--tune" 1 [ grid.Candidates ]
        atLeast "--seeds" 0 grid.Seeds
