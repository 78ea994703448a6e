/// What does it cost when the outcome decides who is measured, and does the add-on harm when nothing does?
module CausalDebiasing.Bench.Experiments.OutcomeLinkedMissingness

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Worlds

let experiment = {
    Name = "outcome-linked-missingness"
    Title = "Outcome-linked missingness, from none (completely at random) to strong, without confounding"
    Grids =
        fun scope ->
            let all = {
                Scope.acquisition scope with
                    Confoundings = [ 0. ]
                    Mechanisms = [ Mcar; OutcomeLinked ]
                    MechanismStrengths = [ 0.5; 1. ]
            }

            let ablations = {
                all with
                    Variants = [ "md-exact"; "label-balance"; "positivity" ] |> List.map Variant.preset
            }

            match scope.Profile with
            | Zoo
            | Evidence
            | Clinical -> []
            | Smoke -> [ { all with MechanismStrengths = [ 1. ] } ]
            | Quick -> [
                {
                    all with
                        Baselines = [ "zero-fill-mlp"; "logistic"; "lightgbm" ]
                }
                ablations
              ]
            | Full -> [
                all
                {
                    all with
                        Baselines = scope.Baselines
                        Variants = scope.Compared
                }
              ]
}
