namespace CausalDebiasing.Bench.Experiments

open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running


/// How much of an experiment is run.
type Profile =
    /// Does everything work? About two minutes on two cores.
    | Smoke
    /// The evidence of the headline baselines in about ten minutes on two cores.
    | Quick
    /// The table of all baselines, plain and wrapped, with three seeds; about half an hour on two cores.
    | Zoo
    /// The recommended options against their targets, on seeds that nothing was developed on; about an hour on two cores.
    | Evidence
    /// All baselines, plain and recommended, on recorded clinical data: cross-validated, by site and in time; about an hour
    /// and a half on two cores.
    | Clinical
    /// All baselines, ablations and ten seeds; hours.
    | Full

module Profile =
    let all = [
        "smoke", Smoke
        "quick", Quick
        "zoo", Zoo
        "evidence", Evidence
        "clinical", Clinical
        "full", Full
    ]

    /// One line for people.
    let about profile =
        match profile with
        | Smoke -> "does everything work? two minutes on two cores"
        | Quick -> "the evidence of the headline baselines; ten minutes (the default)"
        | Zoo -> "all baselines, plain and wrapped, in one table; half an hour"
        | Evidence ->
            "the recommended options against their targets, and the field's remedies, with ten seeds; hours"
        | Clinical ->
            "all baselines, plain and recommended, on recorded data: folds, sites and time; an hour and a half"
        | Full -> "all baselines, ablations and ten seeds; many hours"

    let name profile =
        all |> List.find (fun (_, p) -> p = profile) |> fst

    /// Profile of that name. Raises InputException naming the nearest ones.
    let parse option word =
        Names.require "profile" option (List.map fst all) word
        all |> List.find (fun (name, _) -> name = word) |> snd
