namespace CausalDebiasing.Bench.Datasets

open System
open System.IO

/// What a column of an official table holds.
type ColumnType =
    | Whole
    | Number
    | Moment
    | Words

    member kind.Sql =
        match kind with
        | Whole -> "BIGINT"
        | Number -> "DOUBLE"
        | Moment -> "TIMESTAMP"
        | Words -> "VARCHAR"

/// A table of an official release, by its path without extension, with the columns that are read.
type ClinicalTable = {
    Name: string
    Columns: (string * ColumnType) list
}

/// Tables as csv.gz, csv or Parquet, for queries of DuckDB.
module ClinicalTable =
    let private extensions = [ ".csv.gz"; ".csv"; ".parquet" ]

    /// The files that may hold a table of that name.
    let alternatives name = extensions |> List.map ((+) name)

    /// The file of the table, in whatever case its name is written.
    let tryLocate (folder: string) (name: string) =
        let wanted = alternatives name |> List.map (fun file -> Path.Combine(folder, file))

        match Path.GetDirectoryName(Path.Combine(folder, name)) with
        | NonNull inside when Directory.Exists inside ->
            let files = Directory.GetFiles inside |> Array.sort

            wanted
            |> List.tryPick (fun path ->
                files
                |> Array.tryFind (fun file -> file.Equals(path, StringComparison.OrdinalIgnoreCase)))
        | _ -> None

    let private fits kind (found: string) =
        match kind with
        | Words -> true
        | Moment -> found.StartsWith "TIMESTAMP" || found = "DATE"
        | Whole -> found.EndsWith "INT" || found.EndsWith "INTEGER"
        | Number ->
            found.EndsWith "INT"
            || found.EndsWith "INTEGER"
            || found.StartsWith "DECIMAL"
            || found = "DOUBLE"
            || found = "FLOAT"

    /// The table in the file as the SQL of a table with exactly the wanted columns. Raises InputException when one is
    /// not there, or a column of Parquet has another type; cells of csv are converted when they are read.
    let source path (table: ClinicalTable) =
        TableFile.requireColumns path (List.map fst table.Columns)

        if TableKind.ofFile path = Parquet then
            let types = dict (ParquetSchema.columns path)

            for name, kind in table.Columns do
                if not (fits kind types[name]) then
                    TableError.refuse
                        path
                        $"column '{name}' is of type {types[name]}, not {kind.Sql}"
                        "export the table in the official schema"

        let kinds = Map table.Columns

        let typeOf name =
            match Map.tryFind name kinds with
            | Some kind -> kind.Sql
            | None -> Words.Sql

        let select =
            table.Columns
            |> List.map (fun (name, kind) -> $"CAST({TableFile.identifier name} AS {kind.Sql}) AS {name}")
            |> String.concat ", "

        $"(SELECT {select} FROM {TableFile.source typeOf path})"
