/// What does the add-on do to every baseline on recorded clinical data: in cross-validation, at a site that training never
/// saw, and in a later year?
module CausalDebiasing.Bench.Experiments.Clinical

open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running

let private physioNet = "physionet2012"
let private eicu = "eicu-demo-with-yaib"
let private heart = "heart-uci"

let private leaveOut name sites seeds = [ for site in sites -> DatasetName.leaveOut name site, seeds ]

/// Data sets with their seeds. The random splits of the first are cells of the zoo too.
let private studied =
    [
        physioNet, [ 1..3 ]
        DatasetName.crossValidate eicu 5, [ 1..10 ]
        DatasetName.crossValidate heart 5, [ 1..10 ]
        $"{eicu}@time", [ 1..2 ]
    ]
    @ leaveOut physioNet [ "CCU"; "CSRU"; "MICU"; "SICU" ] [ 1 ]
    @ leaveOut eicu [ "Midwest"; "Northeast"; "South"; "West" ] [ 1 ]
    @ leaveOut heart [ "cleveland"; "hungarian"; "switzerland"; "va" ] [ 1..3 ]

/// The data sets, options in their names included.
let datasets = List.map fst studied

let private grids scope = [
    for dataset, seeds in studied ->
        {
            Grid.asRecorded (Scope.acquisition scope) with
                Datasets = [ dataset ]
                Baselines = scope.Baselines
                Variants = scope.Compared
                Seeds = seeds
        }
]

let experiment = {
    Name = "clinical"
    Title = "All baselines, plain and recommended, on recorded clinical data"
    Grids =
        fun scope ->
            match scope.Profile with
            | Clinical -> grids scope
            | Smoke
            | Quick
            | Zoo
            | Evidence
            | Full -> []
}
