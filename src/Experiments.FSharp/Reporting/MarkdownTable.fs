namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Datasets

/// Tables in Markdown files: names of data sets, sites and models are text there, whatever they look like.
module MarkdownTable =
    /// Columns are names with whether they hold numbers.
    let write columns (rows: string list list) =
        ConsoleTable.table
            ConsoleTable.unlimited
            (columns |> List.map (fun (name, isNumber) -> MarkdownText.escape name, isNumber))
            (rows |> List.map (List.map MarkdownText.escape))
