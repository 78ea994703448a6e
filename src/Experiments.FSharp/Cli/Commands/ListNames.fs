/// `list`: what the options take, with one line each.
module CausalDebiasing.Bench.Cli.Commands.ListNames

open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Experiments
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Worlds

/// Kinds of things, the option that takes them, and their names with a line each.
let kinds = [
    "worlds", "--dataset", WorldCatalog.about
    "datasets", "--dataset", [ for dataset in DatasetCatalog.all -> dataset.Name, dataset.Title ]
    "variants", "--variants", [ for variant in Variant.all -> Variant.name variant, Variant.about variant ]
    "mechanisms", "--mechanism", [ for name, mechanism in Mechanism.all -> name, Mechanism.about mechanism ]
    "profiles", "reproduce --profile", [ for name, profile in Profile.all -> name, Profile.about profile ]
]

let private show (kind, option, lines) =
    let width = lines |> List.map (fst >> String.length) |> List.max
    printfn $"{kind} ({option})"

    for (name: string), about in lines do
        printfn $"    {name.PadRight width}  {about}"

let run arguments =
    let options = Parsing.parse<ListArgument> "list" arguments
    let names = [ for kind, _, _ in kinds -> kind ]
    let asked = options.GetResult(ListArgument.What, defaultValue = names)

    for kind in asked do
        Names.require "kind" "list" names kind

    for kind in asked do
        kinds |> List.find (fun (name, _, _) -> name = kind) |> show

    Exit.Success
