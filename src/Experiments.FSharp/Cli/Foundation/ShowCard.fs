/// A cohort's card on the console.
module CausalDebiasing.Bench.Cli.ShowCard

open System
open CausalDebiasing.Bench.Datasets
open Spectre.Console

/// A table that is as wide as the terminal at most.
let table (columns: string list) (rows: string list seq) =
    let table = Table().AddColumns(Array.ofList columns)

    for row in rows do
        table.AddRow(row |> List.map Markup.Escape |> Array.ofList) |> ignore

    let console =
        AnsiConsole.Create(AnsiConsoleSettings(Out = AnsiConsoleOutput Console.Out))

    console.Write table

/// Prints the card.
let print (title: string) (card: CohortCard) =
    printfn $"{card.Dataset}: {title}"
    let text = CardText.ofCard card

    for line in text.Lines do
        printfn $"{line}"

    for columns, rows in text.Tables do
        table columns rows
