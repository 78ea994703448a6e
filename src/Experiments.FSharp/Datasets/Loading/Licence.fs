/// The licences under which data sets are published.
module CausalDebiasing.Bench.Datasets.Licence

let openDatabase = "Open Data Commons Open Database License 1.0"

let attribution = "Open Data Commons Attribution License 1.0"

let credentialed =
    "PhysioNet Credentialed Health Data License 1.5: request access on the page, with training in human subjects research"
