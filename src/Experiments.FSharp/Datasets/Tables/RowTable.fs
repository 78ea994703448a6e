namespace CausalDebiasing.Bench.Datasets

open System
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Runtime
open DuckDB.NET.Data

/// How tables are written.
type TableFormat =
    /// Which every reader of Parquet takes.
    | AsParquet
    /// With the encodings of its second version and zstd, which take less room.
    | AsPackedParquet
    | AsCsv

/// A column by the number of the row.
type RowColumn =
    | Text of (int -> string)
    | Whole of (int -> int)
    | Long of (int -> int64)
    | Flag of (int -> bool)
    /// NaN is null.
    | Number of (int -> float32)

/// Tables of rows as Parquet or csv.
module RowTable =
    let private sqlType =
        function
        | Text _ -> "VARCHAR"
        | Whole _ -> "INTEGER"
        | Long _ -> "BIGINT"
        | Flag _ -> "BOOLEAN"
        | Number _ -> "FLOAT"

    /// The ending of a file's name.
    let extension =
        function
        | AsParquet
        | AsPackedParquet -> "parquet"
        | AsCsv -> "csv"

    let private append (row: IDuckDBAppenderRow) i column =
        match column with
        | Text text -> row.AppendValue(text i)
        | Whole number -> row.AppendValue(Nullable(number i))
        | Long number -> row.AppendValue(Nullable(number i))
        | Flag flag -> row.AppendValue(Nullable(flag i))
        | Number number ->
            let value = number i

            if Single.IsNaN value then
                row.AppendNullValue()
            else
                row.AppendValue(Nullable value)
        |> ignore

    let private requireDistinct (columns: (string * RowColumn) list) =
        for _, same in columns |> List.groupBy (fun (name, _) -> name.ToUpperInvariant()) do
            match same with
            | (first, _) :: (second, _) :: _ ->
                raise (
                    InputException
                        $"The columns '{first}' and '{second}' differ in no more than capital letters, which tables do not tell apart: name the modalities otherwise."
                )
            | _ -> ()

    /// Writes a table; csv has a header, true and false, and nothing for null. Raises InputException for columns whose names differ
    /// in no more than capital letters.
    let write (path: string) format rows (columns: (string * RowColumn) list) =
        requireDistinct columns
        use connection = new DuckDBConnection "DataSource=:memory:"
        connection.Open()

        let execute (sql: string) =
            use command = connection.CreateCommand()
            command.CommandText <- sql
            command.ExecuteNonQuery() |> ignore

        let declared =
            columns
            |> List.map (fun (name, column) -> $"{TableFile.identifier name} {sqlType column}")
            |> String.concat ", "

        execute $"CREATE TABLE written({declared})"
        let values = columns |> List.map snd |> Array.ofList

        (use appender = connection.CreateAppender "written"

         for i in 0 .. rows - 1 do
             let row = appender.CreateRow()

             for column in values do
                 append row i column

             row.EndRow())

        let options =
            match format with
            | AsParquet -> "FORMAT parquet"
            | AsPackedParquet -> "FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2"
            | AsCsv -> "FORMAT csv, HEADER"

        AtomicFile.write path (fun partial ->
            execute $"COPY written TO {TableFile.literal partial} ({options})"
            OwnerOnly.file partial)
