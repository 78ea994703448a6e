/// Over which missing rates, with and without confounding, does debiasing gain?
module CausalDebiasing.Bench.Experiments.MissingRate

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running


let experiment = {
    Name = "missing-rate"
    Title = "Missing rate by confounding strength in the Acquisition world: the phase diagram"
    Grids =
        fun scope ->
            let all = {
                Scope.acquisition scope with
                    MissingRates = [ 0.1; 0.3; 0.5; 0.7 ]
                    Confoundings = [ 0.; 0.4; 0.7; 1. ]
            }

            match scope.Profile with
            | Smoke
            | Zoo
            | Evidence
            | Clinical -> []
            | Quick -> [
                { all with Confoundings = [ 0.7 ] }
                {
                    all with
                        Variants = [ Variant.plain; Variant.recommended ]
                }
              ]
            | Full -> [ { all with Variants = scope.Compared } ]
}
