/// The option --leave-out: test on a site that was not trained on.
module CausalDebiasing.Bench.Cli.LeaveOut

open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running
open CausalDebiasing.Runtime

let private option = "--leave-out"

let private sites access (name: string) =
    match DatasetCatalog.tryFind name with
    | None ->
        raise (
            InputException
                $"{option} needs real data with sites, and '{name}' is none: name such data sets only."
        )
    | Some { Division = SiteLeftOut _ | Folds _ } ->
        raise (InputException $"{option} and '{name}' both divide the rows: use one of the two.")
    | Some dataset ->
        dataset.Status access.Root |> DatasetStatus.require |> ignore
        List.ofSeq (dataset.Load access).Cohort.SiteNames

/// The data sets with each of the sites left out in turn, "all" being every site; as they are when no site is given.
/// Raises InputException for a site that does not exist, and for data without sites.
let expand access (leftOut: string list) (datasets: string list) =
    if leftOut.IsEmpty then
        datasets
    else
        [
            for name in datasets do
                let known = sites access name

                for site in leftOut do
                    if site = "all" then
                        yield! known |> List.map (DatasetName.leaveOut name)
                    else
                        Names.require "site" option known site
                        DatasetName.leaveOut name site
        ]
        |> List.distinct
