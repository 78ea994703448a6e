/// All experiments and the plan that they make together.
module CausalDebiasing.Bench.Experiments.Experiments

open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running


/// In the order of the report.
let all = [
    ConfoundingStrength.experiment
    MissingRate.experiment
    OutcomeLinkedMissingness.experiment
    AdjustmentWorlds.experiment
    HeartUci.experiment
    PhysioNet2012.experiment
    BaselineZoo.experiment
    RecommendedEvidence.experiment
    Clinical.experiment
]

/// The data sets of the profiles that are spelled out: with options in their names.
let spelledDatasets =
    RecommendedEvidence.leftOut @ HeartUci.datasets @ Clinical.datasets

/// The plan of a profile.
let plan catalog profile =
    let scope = Scope.ofProfile catalog profile

    [
        for experiment in all do
            for grid in experiment.Grids scope do
                Plan.ofGrid catalog experiment.Name grid
    ]
    |> List.fold Plan.append Plan.empty
