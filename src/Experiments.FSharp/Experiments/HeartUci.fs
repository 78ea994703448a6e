/// What does the add-on do at a hospital that training never saw? On recorded data that ship with the suite.
module CausalDebiasing.Bench.Experiments.HeartUci

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running

let private seed = 1

/// The four hospitals, each left out.
let datasets = [
    for site in [ "cleveland"; "hungarian"; "switzerland"; "va" ] ->
        DatasetName.leaveOut ManifestDataset.heartUci.Name site
]

let experiment = {
    Name = "heart-uci"
    Title = "Coronary disease at four hospitals, each left out in turn"
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
                        Datasets = datasets
                        Baselines = scope.Baselines
                        Variants = [ Variant.plain; Variant.recommended ]
                        Seeds = [ seed ]
                }
              ]
}
