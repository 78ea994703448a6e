namespace CausalDebiasing.Bench.Evidence

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Worlds

/// All that two runs must share for a difference between their variants to be a fair comparison, save the seed.
type Setting = {
    /// Seed 0 and Unbiased false: the seed pairs the runs, and a ceiling belongs to the setting whose limit it shows.
    Data: DataSpec
    Baseline: string
    Hyperparameters: Map<string, float>
    /// Test condition: "id", "do", "reversed" or "site:NAME".
    Condition: string
}

/// The metrics of one variant in one setting with one seed.
type Observation = {
    Experiment: string
    Setting: Setting
    Variant: Variant
    Seed: int
    CellId: string
    TrainRows: int
    Measure: Measure
}

module Observation =
    let private variant (cell: Cell) =
        if cell.Data.Unbiased && not (Variant.isUnbiased cell.Variant) then
            Variant.withoutBias cell.Variant
        else
            cell.Variant

    /// One observation per test condition of every finished cell, in the order of the cells.
    let ofResults (results: (string * CellResult) list) = [
        for experiment, result in results do
            if result.Status = Done then
                let cell = result.Cell

                for measure in result.Measures do
                    {
                        Experiment = experiment
                        Setting = {
                            Data = {
                                cell.Data with
                                    Seed = 0
                                    Unbiased = false
                            }
                            Baseline = cell.Baseline
                            Hyperparameters = cell.Hyperparameters
                            Condition = measure.Condition
                        }
                        Variant = variant cell
                        Seed = cell.Data.Seed
                        CellId = result.CellId
                        TrainRows = result.TrainRows
                        Measure = measure
                    }
    ]
