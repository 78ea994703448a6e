/// Do the recommended options reach the targets that were set for them, on seeds that their development never saw?
module CausalDebiasing.Bench.Experiments.RecommendedEvidence

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Worlds

/// The field's remedies, in the same grid.
let private comparators =
    [
        "groupdro-pattern"
        "groupdro-site"
        "irm"
        "vrex"
        "coral"
        "propensity"
        "db-lff"
        "db-dfa"
        "db-cal"
        "jtt"
        "modality-drop"
    ]
    |> List.map Variant.preset

let private light = [ "zero-fill-mlp"; "mask-concat-mlp"; "modality-dropout-mlp" ]

let private grid scope (regime: Regime) = {
    Scope.acquisition scope with
        Datasets = [ regime.Dataset ]
        Variants = [ Variant.plain; regime.Treated; Variant.ceilingAugmented ]
        Mechanisms = [ regime.Mechanism ]
        MechanismStrengths = [ regime.MechanismStrength ]
        Confoundings = [ regime.Confounding ]
        Signals = [ regime.Signal ]
        TrainSizes = [ regime.TrainSize ]
        Seeds = regime.Seeds
}

let private biased (regime: Regime) =
    match regime.Target with
    | GapClosed _ -> true
    | NoHarm
    | LossAtMost _ -> false

/// The data sets of the natural shift: each type of intensive care unit in turn is tested on and not trained on.
let leftOut =
    [ "CCU"; "CSRU"; "MICU"; "SICU" ]
    |> List.map (DatasetName.leaveOut "physionet2012")

let private grids scope = [
    for regime in Regime.main do
        {
            grid scope regime with
                Baselines = light @ [ "mt" ]
        }

        // The costly baselines on fewer seeds.
        {
            grid scope regime with
                Baselines = [ "drfuse"; "flex-moe" ]
                Seeds = List.take 2 regime.Seeds
        }

        if biased regime then
            {
                grid scope regime with
                    Baselines = [ "zero-fill-mlp" ]
                    Variants = comparators
            }
    for regime in Regime.hard do
        {
            grid scope regime with
                Baselines = [ "zero-fill-mlp" ]
        }
    {
        grid scope Regime.semiSynthetic with
            Baselines = [ "zero-fill-mlp"; "mt"; "logistic" ]
    }
    for regime in Regime.hospitals do
        {
            grid scope regime with
                Baselines = [ "zero-fill-mlp"; "mask-concat-mlp"; "mt"; "lightgbm"; "logistic" ]
        }

        if biased regime then
            {
                grid scope regime with
                    Baselines = [ "zero-fill-mlp" ]
                    Variants = comparators
            }
    for world in [ "world-a"; "world-b"; "world-c" ] do
        {
            Scope.acquisition scope with
                Datasets = [ world ]
                Mechanisms = [ Natural ]
                Baselines = [ "zero-fill-mlp" ]
                Variants = [ Variant.plain; Variant.recommended; Variant.ceilingAugmented ]
                Seeds = Regime.seeds
        }
    {
        Grid.asRecorded (Scope.acquisition scope) with
            Datasets = leftOut
            Baselines = light @ [ "mt"; "logistic"; "lightgbm" ]
            Variants = [ Variant.plain; Variant.recommended ]
            Seeds = List.take 3 Regime.seeds
    }
]

let experiment = {
    Name = "recommended-evidence"
    Title = "The recommended options against the targets set for them"
    Grids =
        fun scope ->
            match scope.Profile with
            | Evidence -> grids scope
            | Smoke
            | Quick
            | Zoo
            | Clinical
            | Full -> []
}
