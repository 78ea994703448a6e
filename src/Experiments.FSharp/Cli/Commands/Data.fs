/// `data`: which real data sets are there, and what is in them.
module CausalDebiasing.Bench.Cli.Commands.Data

open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Datasets
open Spectre.Console

let private list access =
    for dataset in DatasetCatalog.all do
        match dataset.Status access.Root with
        | Present folder ->
            printfn $"{dataset.Name}: present in {folder} ({dataset.Title}, {dataset.Licence})"
        | Absent reason -> printfn $"{dataset.Name}: absent. {reason}"

let private percent (share: float) =
    if System.Double.IsNaN share then
        "-"
    else
        $"{100. * share:F1} %%"

let private card access (dataset: Dataset) =
    let card = dataset.Card access
    printfn $"{dataset.Title}: {card.Patients} patients, {card.Rows} rows, {card.Events} events"

    for excluded in card.Excluded do
        printfn $"left out, {excluded.Key}: {excluded.Value}"

    let sites = Table().AddColumns("site", "rows", "events")

    for site in card.Sites do
        sites.AddRow(Markup.Escape site.Site, string site.Rows, percent site.Prevalence)
        |> ignore

    AnsiConsole.Write sites

    let modalities =
        Table().AddColumns("modality", "missing", "events if observed", "events if missing")

    for modality in card.Modalities do
        modalities.AddRow(
            Markup.Escape modality.Modality,
            percent modality.MissingRate,
            percent modality.PrevalenceObserved,
            percent modality.PrevalenceMissing
        )
        |> ignore

    AnsiConsole.Write modalities

let run arguments =
    let options = Parsing.parse<DataArgument> "data" arguments

    let access = Suite.dataAccess (options.TryGetResult DataArgument.Data_Root)

    if options.Contains DataArgument.Card then
        for dataset in DatasetCatalog.all do
            match dataset.Status access.Root with
            | Present _ -> card access dataset
            | Absent reason -> printfn $"{reason}"
    else
        list access

    Exit.Success
