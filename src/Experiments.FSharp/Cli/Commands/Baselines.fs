/// `baselines`: what can be compared.
module CausalDebiasing.Bench.Cli.Commands.Baselines

open CausalDebiasing.Bench.Cli
open CausalDebiasing.Predictors
open Spectre.Console

let private description (info: BaselineAttribute) =
    let source =
        match info.Year, info.Paper with
        | 0, "" -> ""
        | 0, paper -> $" ({paper})"
        | year, "" -> $" ({year})"
        | year, paper -> $" ({year}, {paper})"

    $"{info.Title}{source}\n{info.Family}, version {info.Version}"

let private hyperparameters (baseline: Baseline) =
    baseline.Hyperparameters
    |> Seq.map (fun parameter ->
        $"{parameter.Name} {parameter.Default} ({parameter.Low} to {parameter.High})")
    |> String.concat "\n"

let run arguments =
    Parsing.parse<NoArgument> "baselines" arguments |> ignore

    let table =
        Table()
            .AddColumn(TableColumn("id").NoWrap())
            .AddColumn("baseline")
            .AddColumn(TableColumn("hyper-parameters (search range)").NoWrap())

    for baseline in Suite.baselines.Value do
        [| baseline.Info.Id; description baseline.Info; hyperparameters baseline |]
        |> Array.map Markup.Escape
        |> table.AddRow
        |> ignore

    AnsiConsole.Write table
    Exit.Success
