namespace CausalDebiasing.Bench.Datasets

open System.Globalization

/// SQL of a task's predicates over events. The table or view `events` has subject_id, time, code, numeric_value (a 32-bit
/// number, null where it is not finite), and the columns that predicates name.
module AcesMoments =
    /// Column with how often a predicate holds at a moment.
    let at predicate = TableFile.identifier $"n_{predicate}"

    /// Column with how often it has held up to a moment, the moment included.
    let upTo predicate = TableFile.identifier $"c_{predicate}"

    let private number (value: float) =
        value.ToString("R", CultureInfo.InvariantCulture) + "::FLOAT"

    /// Whether a plain predicate holds of an event.
    let private condition (plain: AcesPlain) =
        let code =
            match plain.Code with
            | Exactly code -> $"code = {TableFile.literal code}"
            | AnyOf codes ->
                let listed = codes |> List.map TableFile.literal |> String.concat ", "
                $"code IN ({listed})"
            | Matching regex -> $"regexp_matches(code, {TableFile.literal regex})"

        [
            code
            match plain.Least with
            | Some bound -> $"""numeric_value {if bound.Inclusive then ">=" else ">"} {number bound.Limit}"""
            | None -> ()
            match plain.Most with
            | Some bound -> $"""numeric_value {if bound.Inclusive then "<=" else "<"} {number bound.Limit}"""
            | None -> ()
            for column, text in plain.Others do
                $"CAST({TableFile.identifier column} AS VARCHAR) = {TableFile.literal text}"
        ]
        |> String.concat " AND "

    /// Columns beside the code that predicates look at.
    let columns (task: AcesTask) =
        [
            for predicate in task.Predicates.Values do
                match predicate with
                | Plain plain -> yield! List.map fst plain.Others
                | _ -> ()
        ]
        |> List.distinct

    /// Predicates, each after those that it is made of, those of static events left out.
    let private inOrder (task: AcesTask) =
        let rec add (done': string list) name =
            if List.contains name done' || task.Static.Contains name then
                done'
            else
                let before = AcesPredicates.inputs task.Predicates[name] |> List.fold add done'
                before @ [ name ]

        task.Predicates.Keys |> Seq.fold add []

    /// SQL of the subjects that have every static predicate; None where there is none.
    let eligible (task: AcesTask) =
        [
            for name in task.Static do
                match task.Predicates[name] with
                | Plain plain -> $"SELECT subject_id FROM events WHERE time IS NULL AND {condition plain}"
                | AllOf _
                | OneOf _ -> ()
        ]
        |> function
            | [] -> None
            | queries -> Some(String.concat " INTERSECT " queries)

    /// SQL of the moments: a row per subject and time of an event, with a column per predicate (`at`). Events of one moment
    /// count together; `_ANY_EVENT` counts moments.
    let query (task: AcesTask) =
        let plain, derived =
            inOrder task
            |> List.partition (fun name ->
                match task.Predicates[name] with
                | Plain _ -> true
                | _ -> false)

        let counted = [
            for name in plain do
                match task.Predicates[name] with
                | Plain predicate -> $", count_if({condition predicate}) AS {at name}"
                | _ -> ()
        ]

        // Every subject of the cohort has the static ones.
        let holds name =
            if task.Static.Contains name then
                "true"
            else
                $"{at name} > 0"

        let joined = [
            for name in derived do
                let inputs joint names =
                    names |> List.map holds |> String.concat joint

                match task.Predicates[name] with
                | AllOf names -> $""", CAST({inputs " AND " names} AS BIGINT) AS {at name}"""
                | OneOf names -> $""", CAST({inputs " OR " names} AS BIGINT) AS {at name}"""
                | Plain _ -> ()
        ]

        let all = plain @ derived @ AcesTask.special

        let sums = [ for name in all -> $", sum({at name}) OVER past AS {upTo name}" ]

        let who =
            match eligible task with
            | Some query -> $"AND subject_id IN ({query})"
            | None -> ""

        $"""
        SELECT *{String.concat "" sums}
        FROM (
            SELECT *{String.concat "" joined}, 1 AS {at AcesTask.anyEvent},
                CAST(time = min(time) OVER (PARTITION BY subject_id) AS BIGINT) AS {at AcesTask.recordStart},
                CAST(time = max(time) OVER (PARTITION BY subject_id) AS BIGINT) AS {at AcesTask.recordEnd}
            FROM (
                SELECT subject_id, time{String.concat "" counted}
                FROM events WHERE time IS NOT NULL {who}
                GROUP BY subject_id, time))
        WINDOW past AS (PARTITION BY subject_id ORDER BY time)"""
