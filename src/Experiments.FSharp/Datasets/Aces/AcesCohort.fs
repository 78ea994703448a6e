namespace CausalDebiasing.Bench.Datasets

open System
open System.Globalization

/// The cohort of a task as a table of DuckDB.
module AcesCohort =
    /// Column with a moment of a realisation.
    let private moment reference =
        match reference with
        | Trigger
        | OtherEnd -> TableFile.identifier "trigger"
        | StartOf window -> TableFile.identifier $"{window}.start"
        | EndOf window -> TableFile.identifier $"{window}.end"

    let private interval (span: TimeSpan) =
        let microseconds = (span.Ticks / 10L).ToString CultureInfo.InvariantCulture
        $"to_microseconds({microseconds})"

    /// SQL that adds the moment to the realisations; those without such a moment are left out. `isStrict`: the moment must
    /// not be the one that it is relative to.
    let private add (target: string) from step isStrict =
        let nearest predicate comparison =
            $"""
            SELECT r.*, b.time AS {target} FROM realised r
            ASOF JOIN (SELECT subject_id, time FROM moments WHERE {AcesMoments.at predicate} > 0) b
            ON r.subject_id = b.subject_id AND r.{from} {comparison} b.time"""

        match step with
        | Shift span -> $"SELECT *, {from} + {interval span} AS {target} FROM realised"
        | Next predicate -> nearest predicate (if isStrict then "<" else "<=")
        | Previous predicate -> nearest predicate (if isStrict then ">" else ">=")

    /// The two moments of a window in the order in which they follow from others, each with whether it must not be the one that
    /// it is relative to: of the window's own ends, whether that end belongs to the window decides.
    let private boundaries (window: AcesWindow) =
        let start, finish = StartOf window.Name, EndOf window.Name

        if window.End.From = OtherEnd then
            [
                start, window.Start.From, window.Start.Step, true
                finish, start, window.End.Step, not window.StartInclusive
            ]
        else
            [
                finish, window.End.From, window.End.Step, true
                start, finish, window.Start.Step, not window.EndInclusive
            ]

    let private labelColumn = "label"

    /// Events of the predicate in the window, as SQL: those up to its end without those before its start.
    let private count predicate =
        $"greatest(0, coalesce(e.{AcesMoments.upTo predicate}, 0) - coalesce(s.{AcesMoments.upTo predicate}, 0))"

    /// SQL of the realisations whose window has what it must, with the label's count where it is the window's.
    let private counted (window: AcesWindow) =
        let start, finish = moment (StartOf window.Name), moment (EndOf window.Name)

        let conditions = [
            $"r.{start} <= r.{finish}"
            for has in window.Has do
                match has.Least with
                | Some least -> $"{count has.Predicate} >= {least}"
                | None -> ()

                match has.Most with
                | Some most -> $"{count has.Predicate} <= {most}"
                | None -> ()
        ]

        let label =
            match window.Label with
            | Some predicate -> $", {count predicate} AS {labelColumn}"
            | None -> ""

        $"""
        SELECT r.*{label} FROM realised r
        ASOF LEFT JOIN moments e ON r.subject_id = e.subject_id AND r.{finish} {if window.EndInclusive then ">=" else ">"} e.time
        ASOF LEFT JOIN moments s ON r.subject_id = s.subject_id AND r.{start} {if window.StartInclusive then ">" else ">="} s.time
        WHERE {String.concat " AND " conditions}"""

    let private checkExpressions (session: DuckSession) (task: AcesTask) =
        for pair in task.Predicates do
            match pair.Value with
            | Plain { Code = Matching regex } ->
                try
                    session.Visit $"SELECT regexp_matches('', {TableFile.literal regex})" ignore
                with :? DuckDB.NET.Data.DuckDBException ->
                    TableError.refuse
                        task.File
                        $"'regex' of predicate '{pair.Key}' is no regular expression"
                        "correct it, in the syntax of RE2"
            | _ -> ()

    /// Makes the table `task` of the realisations: subject_id, trigger, prediction_time (null where the task does not say),
    /// boolean_value (null where it has no label), and every window's start and end. Needs `events`, see `AcesMoments`. Raises InputException for a regular expression that is none.
    let create (session: DuckSession) (task: AcesTask) =
        let step sql =
            session.Execute $"CREATE OR REPLACE TABLE next AS {sql}"
            session.Execute "DROP TABLE realised"
            session.Execute "ALTER TABLE next RENAME TO realised"

        checkExpressions session task
        session.Execute $"CREATE TABLE moments AS {AcesMoments.query task}"

        session.Execute
            $"CREATE TABLE realised AS SELECT subject_id, time AS \"trigger\" FROM moments WHERE {AcesMoments.at task.Trigger} > 0"

        for window in task.Windows do
            for target, from, way, isStrict in boundaries window do
                step (add (moment target) (moment from) way isStrict)

            step (counted window)

        let index =
            task.Windows
            |> List.tryPick (fun window ->
                match window.Index with
                | Some AtStart -> Some(moment (StartOf window.Name))
                | Some AtEnd -> Some(moment (EndOf window.Name))
                | None -> None)
            |> Option.defaultValue "CAST(NULL AS TIMESTAMP)"

        let label =
            if task.Windows |> List.exists _.Label.IsSome then
                $"{labelColumn} > 0"
            else
                "CAST(NULL AS BOOLEAN)"

        session.Execute
            $"CREATE TABLE task AS SELECT *, {index} AS prediction_time, {label} AS boolean_value FROM realised"

        session.Execute "DROP TABLE realised"
        session.Execute "DROP TABLE moments"
