namespace CausalDebiasing.Bench.Datasets

open System.Text.RegularExpressions
open DuckDB.NET.Data

/// What is read of a table.
type OmopTable = {
    Name: string
    /// Whole numbers that every row must have.
    Keys: string list
    /// Whole numbers whose column must be there.
    Concepts: string list
    /// Columns that may be absent and are then empty: name, type, and other names that a version has for it.
    Further: (string * ColumnType * string list) list
    /// What stands before "_date" and "_datetime", one of which must be there.
    Times: string list
}

/// Tables of OMOP as SQL, with names of columns in any case. Whole numbers never pass through a floating-point number that cannot
/// hold them.
module OmopTable =
    let private remedy = "write the table as OMOP CDM 5.3 or 5.4 has it"

    /// Marks failures that a cell causes.
    let private mark = "no cell of "

    let private fail column cell kind =
        let said = TableFile.literal $"{mark}{column};"
        $"CAST(error({said} || coalesce(CAST({cell} AS VARCHAR), '')) AS {kind})"

    let private isText (found: string) =
        found = "VARCHAR" || found.StartsWith "ENUM"

    let private isWhole (found: string) =
        found.EndsWith "INT" || found.EndsWith "INTEGER"

    /// Conditions that a cell is empty, and that it is a whole number.
    let private wholeTests (found: string) cell =
        if isText found then
            // The first test is the faster one.
            Some(
                $"trim({cell}) = ''",
                $"(CAST(TRY_CAST({cell} AS BIGINT) AS VARCHAR) = {cell} OR regexp_full_match(trim({cell}), '[+-]?[0-9]+([.]0*)?'))"
            )
        elif isWhole found then
            Some("false", "true")
        elif found.StartsWith "DECIMAL" then
            Some("false", $"{cell} = trunc({cell})")
        elif found = "DOUBLE" then
            Some($"isnan({cell})", $"{cell} = trunc({cell}) AND abs({cell}) < 9007199254740992")
        elif found = "FLOAT" then
            Some($"isnan({cell})", $"{cell} = trunc({cell}) AND abs({cell}) < 16777216")
        else
            None

    let private refuseType path column found what =
        TableError.refuse path $"column '{column}' is of type {found}, not {what}" remedy

    let private checked' column cell kind (empty, fits) =
        $"""CASE WHEN {cell} IS NULL OR {empty} THEN NULL
            WHEN {fits} AND TRY_CAST({cell} AS {kind}) IS NOT NULL THEN TRY_CAST({cell} AS {kind})
            ELSE {fail column cell kind} END"""

    /// The cell of a column that is there, as SQL.
    let private cell path kind column (found: string) =
        let cell = TableFile.identifier column

        match kind with
        | Words -> $"CAST({cell} AS VARCHAR)"
        | Whole ->
            match wholeTests found cell with
            | Some tests -> checked' column cell kind.Sql tests
            | None -> refuseType path column found "a whole number"
        | Moment ->
            if found = "TIMESTAMP" || found.StartsWith "TIMESTAMP_" || found = "DATE" then
                $"CAST({cell} AS TIMESTAMP)"
            elif isText found then
                checked' column cell kind.Sql ($"trim({cell}) = ''", "true")
            else
                refuseType path column found "a date or a time without zone"
        | Number ->
            if
                isWhole found
                || found.StartsWith "DECIMAL"
                || found = "DOUBLE"
                || found = "FLOAT"
            then
                $"CAST({cell} AS DOUBLE)"
            elif isText found then
                checked' column cell kind.Sql ($"trim({cell}) = ''", "true")
            else
                refuseType path column found "a number"

    let private timeParts time = $"{time}_date", $"{time}_datetime"

    /// All columns with their type and other names.
    let private columns table = [
        for name in table.Keys @ table.Concepts do
            name, Whole, []

        yield! table.Further
        for time in table.Times do
            let day, moment = timeParts time
            day, Moment, []
            moment, Moment, []
    ]

    /// The day, the earliest moment, and the moment at which it is over, of a date and a time. A time of midnight stands for one
    /// that is not known, and of a date and a time of different days the later is the moment at which it is over.
    let private timeColumns time =
        let day, moment = timeParts time
        let hasTime = $"CAST({moment} AS TIME) <> TIME '00:00:00'"

        [
            $"coalesce(CAST({day} AS DATE), CAST({moment} AS DATE)) AS {time}_day"

            $"CASE WHEN {day} IS NULL OR CAST({moment} AS DATE) = CAST({day} AS DATE) THEN {moment} END AS {time}_exact"

            $"coalesce({time}_exact, CAST({time}_day AS TIMESTAMP)) AS {time}_from"

            $"""CASE WHEN {hasTime} AND ({day} IS NULL OR CAST({moment} AS DATE) >= CAST({day} AS DATE)) THEN {moment}
                ELSE CAST(greatest(CAST({day} AS DATE), CAST({moment} AS DATE)) AS TIMESTAMP) + to_microseconds(86399999999)
                END AS {time}_known"""
        ]

    /// The table in the file as the SQL of a table with the wanted columns, and for each time its `_day`, `_from` (the earliest
    /// moment) and `_known` (when it is over). Raises InputException for a column that is missing or of another type.
    let private source path table =
        let actual = TableFile.columns path

        let find (names: string list) =
            names
            |> List.tryPick (fun name ->
                actual |> List.tryFind (fun column -> column.ToLowerInvariant() = name))

        let lacks what =
            TableError.refuse path $"the table '{table.Name}' has no column {what}" remedy

        for name in table.Keys @ table.Concepts do
            if (find [ name ]).IsNone then
                lacks $"'{name}'"

        for time in table.Times do
            let day, moment = timeParts time

            if (find [ day ]).IsNone && (find [ moment ]).IsNone then
                lacks $"'{day}' or '{moment}'"

        let found =
            columns table
            |> List.map (fun (name, kind, others) -> name, kind, find (name :: others))

        let isParquet = TableKind.ofFile path = Parquet

        let typeOf =
            let types =
                if isParquet then
                    ParquetSchema.columns path
                else
                    [
                        for _, kind, column in found do
                            match column with
                            // Checked when it is converted, since DuckDB would round.
                            | Some column -> column, (if kind = Whole then Words.Sql else kind.Sql)
                            | None -> ()
                    ]

            let types = Map types
            fun column -> Map.tryFind column types |> Option.defaultValue Words.Sql

        let cells =
            found
            |> List.map (fun (name, kind, column) ->
                match column with
                | None -> $"CAST(NULL AS {kind.Sql}) AS {name}"
                | Some column ->
                    let value = cell path kind column (typeOf column)

                    if List.contains name table.Keys then
                        $"coalesce({value}, {fail column (TableFile.identifier column) kind.Sql}) AS {name}"
                    else
                        $"{value} AS {name}")
            |> String.concat ", "

        let times =
            table.Times
            |> List.collect timeColumns
            |> List.map (fun column -> ", " + column)
            |> String.concat ""

        $"(SELECT *{times} FROM (SELECT {cells} FROM {TableFile.source typeOf path}))"

    let private plainWhole =
        Regex(@"^[+-]?[0-9]+(\.0*)?$", RegexOptions.Compiled ||| RegexOptions.CultureInvariant)

    /// Raises InputException for the first cell of the column that is not what it must be.
    let private refuseCell path table (column: string) =
        let name = column.ToLowerInvariant()
        let isKey = List.contains name table.Keys

        let isWhole =
            isKey
            || List.contains name table.Concepts
            || table.Further
               |> List.exists (fun (own, kind, others) -> kind = Whole && List.contains name (own :: others))

        TableFile.iterate path [ column ] (fun row cells ->
            match cells[0] with
            | null when isKey -> TableError.refuseCell path row column "the cell is missing" "fill it"
            | NonNull text when isWhole && not (plainWhole.IsMatch text) ->
                TableError.refuseCell path row column "the cell is no whole number" "correct it"
            | _ -> ())

        TableError.refuse path $"a cell of column '{column}' is not of the column's type" "correct it"

    /// Runs a statement over each file of the table; `statement` makes it of the SQL of the table. Raises InputException for a file
    /// that is damaged, lacks a column, or has a cell of another type.
    let load (session: DuckSession) folder table (statement: string -> string) =
        for path in OmopFolder.files folder table.Name do
            let sql = statement (source path table)

            TableFile.queried path (fun () ->
                try
                    session.Execute sql
                with :? DuckDBException as failure when failure.Message.Contains mark ->
                    let start = failure.Message.IndexOf mark + mark.Length
                    let finish = failure.Message.IndexOf(';', start)
                    refuseCell path table (failure.Message.Substring(start, finish - start)))

    /// Names of the columns of the table's first file in lower case, none where it is not there.
    let names folder table =
        match OmopFolder.files folder table with
        | [] -> []
        | path :: _ -> TableFile.columns path |> List.map _.ToLowerInvariant()
