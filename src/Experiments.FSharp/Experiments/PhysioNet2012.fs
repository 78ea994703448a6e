/// What does the add-on do on real intensive-care data, whose missingness nobody designed?
module CausalDebiasing.Bench.Experiments.PhysioNet2012

open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running


let experiment = {
    Name = "physionet2012"
    Title = "In-hospital mortality in the PhysioNet/CinC Challenge 2012 data"
    Grids =
        fun scope ->
            match scope.Profile with
            | Smoke
            | Zoo
            | Evidence
            | Clinical -> []
            | Quick
            | Full -> [
                {
                    Grid.asRecorded (Scope.acquisition scope) with
                        Datasets = [ "physionet2012" ]
                        Baselines = scope.Baselines
                        Variants = scope.Compared
                }
              ]
}
