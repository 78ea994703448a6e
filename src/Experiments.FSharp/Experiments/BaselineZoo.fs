/// How do all baselines compare, as published and wrapped, in one world and on one recorded data set?
module CausalDebiasing.Bench.Experiments.BaselineZoo

open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running


let experiment = {
    Name = "zoo"
    Title = "All baselines in the Acquisition world and in the PhysioNet/CinC Challenge 2012 data"
    Grids =
        fun scope ->
            let all = {
                Scope.acquisition scope with
                    Baselines = scope.Baselines
                    Variants = scope.Compared
            }

            match scope.Profile with
            | Smoke
            | Quick
            | Evidence
            | Clinical
            | Full -> []
            | Zoo -> [
                all
                {
                    Grid.asRecorded all with
                        Datasets = [ "physionet2012" ]
                }
              ]
}
