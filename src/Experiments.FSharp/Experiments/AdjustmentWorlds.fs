/// Is standardisation over missingness patterns right where it should be, and wrong where it must be?
module CausalDebiasing.Bench.Experiments.AdjustmentWorlds

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Worlds

let experiment = {
    Name = "adjustment-worlds"
    Title = "World A (pattern confounds), B (severity confounds) and C (outcome decides what is measured)"
    Grids =
        fun scope ->
            let all = {
                Scope.acquisition scope with
                    Datasets = [ "world-a"; "world-b"; "world-c" ]
                    Mechanisms = [ Natural ]
            }

            match scope.Profile with
            | Zoo
            | Evidence
            | Clinical -> []
            | Smoke -> [
                {
                    all with
                        Datasets = [ "world-a"; "world-c" ]
                        Baselines = [ "zero-fill-mlp" ]
                        Variants = [ Variant.plain; Variant.preset "md-exact" ]
                }
              ]
            | Quick -> [
                {
                    all with
                        Variants = Variant.preset "md-exact" :: scope.Variants
                }
              ]
            | Full -> [ all ]
}
