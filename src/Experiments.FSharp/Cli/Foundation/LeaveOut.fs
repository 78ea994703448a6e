/// The option --leave-out: test on a site that was not trained on.
module CausalDebiasing.Bench.Cli.LeaveOut

open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime

let private option = "--leave-out"

let private load access (name: string) =
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
        (dataset.Load access).Cohort

/// Sites whose patients tell something as a test, and the others.
let private telling (cohort: Cohort) =
    let tellsLittle site =
        let rows =
            [| 0 .. cohort.Count - 1 |]
            |> Array.filter (fun row -> cohort.Sites[row] = site)

        (Diagnostic.caveat (cohort.Select rows)).IsSome

    let little, telling =
        List.indexed (List.ofSeq cohort.SiteNames)
        |> List.partition (fst >> tellsLittle)

    List.map snd telling, List.map snd little

let private allOf name cohort =
    match telling cohort with
    | [], _ ->
        raise (
            InputException
                $"{option} all: no site of '{name}' has {Diagnostic.fewestEvents} rows with the event and {Diagnostic.fewestEvents} without; name a site."
        )
    | sites, little ->
        if not little.IsEmpty then
            let left = String.concat ", " little

            printfn
                $"{name}: not tested on {left}, with fewer than {Diagnostic.fewestEvents} rows with or without the event."

        sites

/// The data sets with each of the sites left out in turn, "all" being every one with enough rows with and without the event to tell
/// something; as they are when no site is given.
/// Raises InputException for a site that does not exist, and for data without sites.
let expand access (leftOut: string list) (datasets: string list) =
    if leftOut.IsEmpty then
        datasets
    else
        [
            for name in datasets do
                let cohort = load access name
                let known = List.ofSeq cohort.SiteNames

                for site in leftOut do
                    if site = "all" then
                        yield! allOf name cohort |> List.map (DatasetName.leaveOut name)
                    else
                        Names.require "site" option known site
                        DatasetName.leaveOut name site
        ]
        |> List.distinct
