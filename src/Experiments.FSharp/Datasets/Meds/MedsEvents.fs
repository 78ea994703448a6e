namespace CausalDebiasing.Bench.Datasets

open DuckDB.NET.Data

/// The events of a folder as the view `events`: subject_id, time, code, numeric_value (a 32-bit number, null where it is not
/// finite) and what further columns are asked for.
module MedsEvents =
    let private isWhole (found: string) =
        found.EndsWith "INT" || found.EndsWith "INTEGER"

    let private isNumber (found: string) =
        isWhole found
        || found.StartsWith "DECIMAL"
        || found = "DOUBLE"
        || found = "FLOAT"

    let private isMoment (found: string) =
        found = "TIMESTAMP" || found.StartsWith "TIMESTAMP_" || found = "DATE"

    let private isText (found: string) =
        found = "VARCHAR" || found.StartsWith "ENUM"

    let private own = [ "subject_id"; "time"; "code"; "numeric_value" ]

    let private required = [
        "subject_id", isWhole, "a whole number"
        "time", isMoment, "a timestamp without time zone"
        "code", isText, "text"
    ]

    /// Raises InputException for a file without a column of the standard, or with one of another type.
    let private check path (named: string -> string) =
        let types = ParquetSchema.columns path |> dict

        let checkType name (fits: string -> bool) what =
            let column = named name

            match types.TryGetValue column with
            | true, found when not (fits found) ->
                TableError.refuse
                    path
                    $"column '{column}' is of type {found}, not {what}"
                    "write the file as MEDS has it"
            | found, _ -> found

        for name, fits, what in required do
            if not (checkType name fits what) then
                TableError.refuse
                    path
                    $"there is no column '{named name}', so that these are no events of MEDS"
                    "write the file as MEDS has it, or say under 'columns' of a description which column it is"

        checkType "numeric_value" isNumber "a number"

    /// Runs an action on the session whose failures are those of the events.
    let guarded (folder: MedsFolder) action =
        try
            action ()
        with :? DuckDBException as failure ->
            let damaged =
                folder.Events
                |> List.tryFind (fun path -> failure.Message.Contains(path, System.StringComparison.Ordinal))
                |> Option.defaultValue folder.Path

            TableError.refuse damaged "the events cannot be read" "check that the Parquet files are whole"

    /// Makes the view. `names` gives the columns that have other names than in the standard. Raises InputException for files that are
    /// not of the standard, and for a further column that no file has.
    let createView
        (session: DuckSession)
        (folder: MedsFolder)
        (names: Map<string, string>)
        (further: string list)
        =
        let named name =
            Map.tryFind name names |> Option.defaultValue name

        let withNumbers = folder.Events |> List.map (fun path -> check path named)

        for column in further do
            let isThere path =
                ParquetSchema.columns path |> List.exists (fst >> (=) column)

            if not (List.exists isThere folder.Events) then
                TableError.refuse
                    folder.Path
                    $"no file of its events has the column '{column}'"
                    "correct the name"

        let column name = TableFile.identifier (named name)

        let number =
            if List.contains true withNumbers then
                $"""TRY_CAST({column "numeric_value"} AS FLOAT)"""
            else
                "CAST(NULL AS FLOAT)"

        let others =
            further
            |> List.filter (fun name -> not (List.contains name own))
            |> List.map (fun name -> $", {TableFile.identifier name}")
            |> String.concat ""

        let files = folder.Events |> List.map TableFile.literal |> String.concat ", "

        session.Execute
            $"""
            CREATE VIEW events AS
            SELECT CAST({column "subject_id"} AS BIGINT) AS subject_id, CAST({column "time"} AS TIMESTAMP) AS time,
                CAST({column "code"} AS VARCHAR) AS code, CASE WHEN isfinite({number}) THEN {number} END AS numeric_value{others}
            FROM read_parquet([{files}], union_by_name = true, hive_partitioning = false)"""
