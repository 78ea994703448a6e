namespace CausalDebiasing.Bench.Reporting

open System
open System.IO
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open Spectre.Console

/// Tables as plain text (Markdown borders), for consoles, logs and files alike.
module ConsoleTable =
    /// Characters of a wide console.
    let wide = 160

    /// Wider than any table: no cell is broken over lines.
    let unlimited = 10_000

    let private text width (table: Table) =
        use writer = new StringWriter()

        let console =
            AnsiConsole.Create(
                AnsiConsoleSettings(
                    Ansi = AnsiSupport.No,
                    ColorSystem = ColorSystemSupport.NoColors,
                    Interactive = InteractionSupport.No,
                    Out = AnsiConsoleOutput writer
                )
            )

        console.Profile.Width <- width
        console.Write table
        writer.ToString().Trim() + "\n"

    /// A table at most this wide. Columns are names with whether they hold numbers, which are put to the right.
    let table width (columns: (string * bool) list) (rows: string list list) =
        let table = Table()
        table.Border <- TableBorder.Markdown

        for name, isNumber in columns do
            let column = TableColumn(Markup.Escape name)
            column.Alignment <- Nullable(if isNumber then Justify.Right else Justify.Left)
            table.AddColumn column |> ignore

        for row in rows do
            table.AddRow(row |> List.map Markup.Escape |> List.toArray) |> ignore

        text width table

    /// Mean AUROC per data set and test condition over all settings, and the counts of the claims' verdicts.
    let summary (observations: Observation list) (judgements: Judgement list) =
        let mean pick (rows: ComparisonRow list) =
            rows |> List.map pick |> List.filter (Double.IsNaN >> not) |> Statistics.mean

        let variant name (row: ComparisonRow) =
            Map.tryFind name row.Means |> Option.defaultValue nan

        let compared = ComparisonTable.rows observations
        let variants = ComparisonTable.variants compared

        let rows =
            compared
            |> List.groupBy (fun row -> row.Experiment, row.Dataset)
            |> List.collect (fun ((experiment, dataset), rows) -> [
                for condition, _ in Style.conditions (rows |> Seq.map _.Condition) do
                    let here = rows |> List.filter (fun row -> row.Condition = condition)

                    [
                        experiment
                        dataset
                        condition
                        for name in variants do
                            NumberText.number (mean (variant name) here)
                        NumberText.number (mean _.Oracle here)
                        NumberText.percent (mean _.GapClosed here)
                    ]
            ])

        let columns =
            [ "experiment"; "data set"; "test" ] |> List.map (fun name -> name, false)

        let numbers =
            List.map Variant.name variants @ [ "oracle"; "gap closed" ]
            |> List.map (fun name -> name, true)

        let verdicts =
            judgements
            |> List.countBy (fun judgement -> Verdict.name judgement.Verdict)
            |> List.sort
            |> List.map (fun (name, count) -> $"{count} {name}")
            |> String.concat ", "

        table wide (columns @ numbers) rows
        + "\nMean AUROC over settings, baselines and seeds; gap closed is towards ceiling-augmented where it ran, else ceiling."
        + $"\nClaims: {verdicts}.\n"

    /// Lines on test conditions whose numbers say little, each once.
    let caveats (rows: CellRow list) =
        rows
        |> List.filter (fun row -> row.Caveat <> "")
        |> List.map (fun row ->
            $"Caveat: the test part '{row.Condition}' of {row.Dataset} has {row.Caveat}, so that its numbers say little.")
        |> List.distinct
