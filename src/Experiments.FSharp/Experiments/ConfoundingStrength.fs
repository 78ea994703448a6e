/// How much does a site-dependent confounder cost, and how much of it comes back?
module CausalDebiasing.Bench.Experiments.ConfoundingStrength

open CausalDebiasing.Bench.Conditions

let private ends scope = {
    Scope.acquisition scope with
        Baselines = [ "zero-fill-mlp" ]
        Variants = [ "db-dfa"; "db-dfa-published" ] |> List.map Variant.preset
        Confoundings = [ 0.; 1. ]
}

let experiment = {
    Name = "confounding-strength"
    Title = "Confounding strength kappa in the Acquisition world, with outcome-linked missingness"
    Grids =
        fun scope ->
            let all = {
                Scope.acquisition scope with
                    Baselines = scope.Baselines
                    Variants = scope.Compared
                    Confoundings = [ 0.; 0.4; 0.7; 1. ]
            }

            match scope.Profile with
            | Zoo
            | Evidence
            | Clinical -> []
            | Smoke -> [ { all with Confoundings = [ 1. ] } ]
            | Quick -> [ all; ends scope ]
            | Full -> [
                all
                {
                    Scope.acquisition scope with
                        Confoundings = [ 0.; 0.2; 0.4; 0.6; 0.7; 0.8; 1. ]
                }
              ]
}
