/// A cohort's card as text.
module CausalDebiasing.Bench.Cli.ShowCard

open System
open CausalDebiasing.Bench.Datasets
open Spectre.Console

let private percent (share: float) =
    if Double.IsNaN share then "-" else $"{100. * share:F1} %%"

let private table (columns: string list) (rows: string list seq) =
    let table = Table().AddColumns(Array.ofList columns)

    for row in rows do
        table.AddRow(row |> List.map Markup.Escape |> Array.ofList) |> ignore

    let console =
        AnsiConsole.Create(AnsiConsoleSettings(Out = AnsiConsoleOutput Console.Out))

    console.Write table

/// Prints the card.
let print (title: string) (card: CohortCard) =
    printfn $"{card.Dataset}: {title}"
    let read = card.Rows + (card.Exclusions |> List.sumBy _.Rows)
    printfn $"{read} rows read"

    (read, card.Exclusions)
    ||> List.fold (fun left exclusion ->
        let left = left - exclusion.Rows
        printfn $"{left} after {exclusion.Rows} were left out: {exclusion.Reason}"
        left)
    |> ignore

    for absent in card.Absent do
        printfn $"absent: {absent}"

    if card.ImplausibleValues > 0 then
        printfn $"{card.ImplausibleValues} implausible values were set missing"

    printfn
        $"{card.Patients} patients, {card.Rows} rows, {card.Events} events; the missingness pattern alone has AUROC {card.MaskAuroc:F3}"

    table [ "site"; "patients"; "rows"; "events" ] [
        for site in card.Sites ->
            [ site.Site; string site.Patients; string site.Rows; percent site.Prevalence ]
    ]

    table [ "part"; "patients"; "rows"; "events" ] [
        for part in card.Parts ->
            [ part.Part; string part.Patients; string part.Rows; percent part.Prevalence ]
    ]

    table [ "modality"; "missing"; "events if observed"; "events if missing" ] [
        for modality in card.Modalities ->
            [
                modality.Modality
                percent modality.MissingRate
                percent modality.PrevalenceObserved
                percent modality.PrevalenceMissing
            ]
    ]
