/// `baselines`: what can be compared.
module CausalDebiasing.Bench.Cli.Commands.Baselines

open System
open System.Globalization
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Cohorts
open CausalDebiasing.Catalogue
open CausalDebiasing.Training

type private Column = {
    Name: string
    /// Columns of the highest ranks are left out first when there is no room.
    Rank: int
    IsNumber: bool
    Cells: string list
}

let private modalities = [|
    for m in 1 .. AcquisitionModel.modalities -> Modality.Tabular($"modality-{m}", AcquisitionModel.features)
|]

let private parameters (baseline: Baseline) =
    use predictor = baseline.Create()

    let network =
        match predictor with
        | :? NeuralPredictor as network -> Some network
        | :? NeuralComposite as composite -> Some composite.Network
        | _ -> None

    network
    |> Option.map (fun network ->
        (network.CountParameters modalities).ToString("N0", CultureInfo.InvariantCulture))
    |> Option.defaultValue "-"

let private hyperparameters (baseline: Baseline) =
    baseline.Hyperparameters
    |> Seq.map (fun parameter -> $"{parameter.Name} {parameter.Default}")
    |> String.concat ", "

let private columns (baselines: Baseline seq) =
    let column name rank cell = {
        Name = name
        Rank = rank
        IsNumber = false
        Cells = baselines |> Seq.map cell |> List.ofSeq
    }

    let orDash text = if text = "" then "-" else text

    [
        column "id" 0 _.Info.Id
        column "title" 3 _.Info.Title
        column "year" 4 (fun baseline ->
            if baseline.Info.Year = 0 then
                "-"
            else
                string baseline.Info.Year)
        column "paper" 5 (fun baseline -> orDash baseline.Info.Paper)
        column "family" 6 (fun baseline -> string baseline.Info.Family)
        {
            column "parameters" 1 parameters with
                IsNumber = true
        }
        column "hyper-parameters" 2 (hyperparameters >> orDash)
    ]

/// The columns that a console of this width has room for without breaking lines.
let private fitting width (columns: Column list) =
    let needed column =
        3 + List.max (column.Name.Length :: List.map String.length column.Cells)

    let take (room, kept) column =
        if needed column <= room then
            room - needed column, Set.add column.Name kept
        else
            room, kept

    let _, kept = columns |> List.sortBy _.Rank |> List.fold take (width - 2, Set.empty)

    columns |> List.partition (fun column -> kept.Contains column.Name)

/// The table of the baselines and what it says below, for a console of this width.
let describe width baselines =
    let shown, left = columns baselines |> fitting width

    let table =
        shown
        |> List.map _.Cells
        |> List.transpose
        |> ConsoleTable.table ConsoleTable.unlimited [ for column in shown -> column.Name, column.IsNumber ]

    let room =
        match left with
        | [] -> ""
        | _ ->
            let names = left |> List.map _.Name |> String.concat ", "
            $"A wider console also shows: {names}.\n"

    table
    + $"\nParameters: of the network with its defaults on the Acquisition world's {modalities.Length} modalities of {modalities[0].Width} features.\n"
    + room

let run arguments =
    Parsing.parse<NoArgument> "baselines" arguments |> ignore

    let width =
        if Console.IsOutputRedirected then
            ConsoleTable.unlimited
        else
            Console.WindowWidth

    printf $"{describe width Suite.baselines.Value}"

    match Suite.externalNames () with
    | [] -> ()
    | names ->
        let names = String.concat ", " names
        printfn $"Programs of their own, which 'sweep --baselines' takes: {names}."

    Exit.Success
