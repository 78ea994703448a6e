namespace CausalDebiasing.Bench.Datasets

open System
open System.IO

/// What to predict, as the table `labels` of a session: row, subject_id, prediction_time, outcome (null where unknown).
module MedsLabels =
    let private columns = [ "subject_id"; "prediction_time"; "boolean_value" ]

    let private checkParquet path =
        let types = ParquetSchema.columns path |> dict

        for name, fits, what in
            [
                "subject_id",
                (fun (found: string) -> found.EndsWith "INT" || found.EndsWith "INTEGER"),
                "a whole number"
                "prediction_time",
                (fun found -> found = "TIMESTAMP" || found.StartsWith "TIMESTAMP_" || found = "DATE"),
                "a timestamp without time zone"
                "boolean_value",
                (fun found -> found = "BOOLEAN"),
                "true and false; only binary tasks are read"
            ] do
            match types.TryGetValue name with
            | true, found when not (fits found) ->
                TableError.refuse
                    path
                    $"column '{name}' is of type {found}, not {what}"
                    "write the labels as MEDS has them"
            | _ -> ()

    let private source path =
        TableFile.requireColumns path columns

        if TableKind.ofFile path = Parquet then
            checkParquet path

        let typeOf name =
            match name with
            | "subject_id" -> "BIGINT"
            | "prediction_time" -> "TIMESTAMP"
            | "boolean_value" -> "BOOLEAN"
            | _ -> "VARCHAR"

        $"""SELECT CAST(subject_id AS BIGINT) AS subject_id, CAST(prediction_time AS TIMESTAMP) AS prediction_time,
            boolean_value FROM {TableFile.source typeOf path}"""

    let private create (session: DuckSession) from =
        session.Execute
            $"""
            CREATE TABLE labels AS
            SELECT CAST(row_number() OVER (ORDER BY subject_id, prediction_time, boolean_value) - 1 AS INTEGER) AS row,
                subject_id, prediction_time, boolean_value AS outcome
            FROM ({from}) WHERE subject_id IS NOT NULL AND prediction_time IS NOT NULL"""

    /// Of files of labels. Raises InputException for a column that is not there or of another type.
    let ofFiles (session: DuckSession) (paths: string list) =
        for path in paths do
            TableFile.guarded path (fun () ->
                try
                    session.Visit $"SELECT count(*) FROM ({source path})" ignore
                with :? DuckDB.NET.Data.DuckDBException as failure ->
                    raise (TableFile.explain path failure))

        paths |> List.map source |> String.concat " UNION ALL " |> create session

    /// Of a task of ACES over `events`. Raises InputException for a task that gives no prediction time or no outcome.
    let ofTask (session: DuckSession) (task: AcesTask) =
        let lacks what remedy =
            TableError.refuse task.File $"the task gives no {what}" remedy

        if not (task.Windows |> List.exists _.Index.IsSome) then
            lacks
                "prediction time"
                "write 'index_timestamp: end' in the window that ends where predictions are made"

        if not (task.Windows |> List.exists _.Label.IsSome) then
            lacks "outcome" "write 'label: PREDICATE' in the window that the outcome is looked for in"

        AcesCohort.create session task
        create session "SELECT subject_id, prediction_time, boolean_value FROM task"
