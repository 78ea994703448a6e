namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic

/// A code of the events and how often it is there.
type MedsCode = {
    Code: string
    Subjects: int64
    Events: int64
    /// Events with a number.
    Numbers: int64
}

/// An item of a modality: a number in a summary or series, or a code of a list.
type MedsItem = {
    Code: string
    /// Position of the modality.
    Modality: int
    /// Position in the modality, from 0.
    Item: int
    /// Hours of the modality's series, 0 where it is none.
    Hours: int
    /// Hours before prediction from which on dated events count, 0 where all do.
    Within: int
}

module MedsCodes =
    let private usualItems = 32
    let usualHours = 48

    /// SQL of the condition that an event `e` was known when row `l` was predicted.
    let known = "(e.time IS NULL OR e.time <= l.prediction_time)"

    /// SQL of the time of an event `e`, before all others where it has none.
    let moment = "coalesce(e.time, TIMESTAMP '0001-01-01')"

    let private count (session: DuckSession) joined = [|
        let codes = List<MedsCode>()

        session.Visit
            $"""
            SELECT code, count(*), CAST(sum(events) AS BIGINT), CAST(sum(numbers) AS BIGINT)
            FROM (
                SELECT e.code, e.subject_id, count(*) AS events, count(e.numeric_value) AS numbers
                FROM {joined} GROUP BY e.code, e.subject_id)
            GROUP BY code"""
            (fun reader ->
                codes.Add {
                    Code = reader.GetString 0
                    Subjects = reader.GetInt64 1
                    Events = reader.GetInt64 2
                    Numbers = reader.GetInt64 3
                })

        yield! codes |> Seq.sortWith (fun a b -> String.CompareOrdinal(a.Code, b.Code))
    |]

    /// All codes of the events, by alphabet.
    let all session =
        count session "events e WHERE e.code IS NOT NULL"

    /// The codes of the events that are known at the last prediction time of their subject, by alphabet.
    let ofLabels session =
        count
            session
            $"""
            events e JOIN (SELECT subject_id, max(prediction_time) AS prediction_time FROM labels GROUP BY subject_id) l
            ON e.subject_id = l.subject_id WHERE e.code IS NOT NULL AND {known}"""

    let private matches (modality: MedsModality) (code: MedsCode) =
        modality.Codes
        |> List.exists (fun start -> code.Code.StartsWith(start, StringComparison.Ordinal))

    /// The items of a modality: all codes of a list, or the codes with numbers that most subjects have.
    let items (codes: MedsCode[]) number (modality: MedsModality) =
        let own = codes |> Array.filter (matches modality)

        let kept =
            match modality.As with
            | "summary"
            | "hourly" ->
                own
                |> Array.filter (fun code -> code.Numbers > 0L)
                |> Array.sortWith (fun a b ->
                    match compare b.Subjects a.Subjects with
                    | 0 -> String.CompareOrdinal(a.Code, b.Code)
                    | bySubjects -> bySubjects)
                |> Array.truncate (Option.defaultValue usualItems modality.Most)
            | _ -> own

        kept
        |> Array.mapi (fun item code -> {
            Code = code.Code
            Modality = number
            Item = if modality.As = "years" then 0 else item
            Hours =
                if modality.As = "hourly" then
                    Option.defaultValue usualHours modality.Hours
                else
                    0
            Within = Option.defaultValue 0 modality.Within
        })
