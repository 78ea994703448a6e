/// `baselines`: what can be compared.
module CausalDebiasing.Bench.Cli.Commands.Baselines

open CausalDebiasing.Bench.Cli
open Spectre.Console

let run arguments =
    Parsing.parse<NoArgument> "baselines" arguments |> ignore

    let table =
        Table()
            .AddColumn(TableColumn("id").NoWrap())
            .AddColumns("title", "year", "paper", "family", "version")
            .AddColumn(TableColumn("hyper-parameters").NoWrap())

    for baseline in Suite.baselines.Value do
        let info = baseline.Info

        let hyperparameters =
            baseline.Hyperparameters
            |> Seq.map (fun parameter ->
                $"{parameter.Name} {parameter.Default} ({parameter.Low} to {parameter.High})")
            |> String.concat "\n"

        let year = if info.Year = 0 then "" else string info.Year

        [|
            info.Id
            info.Title
            year
            info.Paper
            string info.Family
            string info.Version
            hyperparameters
        |]
        |> Array.map Markup.Escape
        |> table.AddRow
        |> ignore

    AnsiConsole.Write table
    Exit.Success
