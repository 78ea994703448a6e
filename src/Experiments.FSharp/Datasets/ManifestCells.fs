namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic
open System.Globalization
open CausalDebiasing.Runtime

/// Where a cell stands, for messages.
type CellPlace = {
    File: string
    Row: int
    Column: string
}

/// The meaning of cells: numbers, codes, outcomes, parts and times.
module ManifestCells =
    let private refuse place problem remedy =
        TableFile.refuseCell place.File place.Row place.Column problem remedy

    let private tryNumber (text: string) =
        match Double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture) with
        | true, value -> Some value
        | _ -> None

    /// One form of a code: numbers in the shortest way, so that 1, 1.0 and "1" are the same.
    let canonical (text: string) =
        match tryNumber text with
        | Some value -> value.ToString("R", CultureInfo.InvariantCulture)
        | None -> text

    /// The cell without codes that mean missing.
    let known (missing: HashSet<string>) (cell: string | null) =
        match cell with
        | null -> None
        | text when missing.Contains(canonical text) -> None
        | text -> Some text

    /// A finite number; also true and false, as 1 and 0.
    let number place (text: string) =
        match tryNumber text, text.ToLowerInvariant() with
        | Some value, _ when Double.IsFinite(value) && abs value < 1e38 -> float32 value
        | _, "true" -> 1f
        | _, "false" -> 0f
        | _ ->
            refuse
                place
                "the cell is not a number"
                "correct it, list it under 'missing', or make the column categorical"

    /// The part that a split column names: 0 training, 1 validation, 2 test.
    let part place (cell: string option) =
        match cell |> Option.map _.ToLowerInvariant() with
        | Some("train" | "training") -> 0
        | Some("val" | "valid" | "validation") -> 1
        | Some "test" -> 2
        | _ -> refuse place "the cell is none of train, validation and test" "correct it"

    /// Days or the column's own unit; only the order matters.
    let time place (cell: string option) =
        let date (text: string) =
            match DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) with
            | true, date -> Some((date.ToUniversalTime() - DateTime.UnixEpoch).TotalDays)
            | _ -> None

        match cell |> Option.bind (fun text -> tryNumber text |> Option.orElse (date text)) with
        | Some value when Double.IsFinite value -> value
        | _ ->
            refuse
                place
                "the cell is neither a number nor a date"
                "write a number or a date such as 2015-03-31"

    let private comparison (positive: string) =
        [ ">=", (>=); "<=", (<=); ">", (>); "<", (<) ]
        |> List.tryFind (fun (mark, _) -> positive.StartsWith(mark, StringComparison.Ordinal))
        |> Option.bind (fun (mark, holds: float -> float -> bool) ->
            tryNumber positive[mark.Length ..]
            |> Option.map (fun threshold -> fun value -> holds value threshold))

    /// The reader of known outcome cells. Raises InputException when `positive` cannot be understood.
    let outcome (where: string) (positive: string option) : CellPlace -> string -> bool =
        match positive |> Option.map _.Trim() with
        | None ->
            fun place text ->
                match canonical text, text.ToLowerInvariant() with
                | "1", _
                | _, "true" -> true
                | "0", _
                | _, "false" -> false
                | _ ->
                    refuse
                        place
                        "the outcome is not 0 or 1"
                        "correct it, or map it with 'positive' in the manifest"
        | Some positive when positive.StartsWith '=' && positive.Length > 1 ->
            let wanted = canonical (positive[1..].Trim())
            fun _ text -> canonical text = wanted
        | Some positive ->
            match comparison positive with
            | Some isEvent ->
                fun place text ->
                    match tryNumber text with
                    | Some value when not (Double.IsNaN value) -> isEvent value
                    | _ -> refuse place "the outcome is not a number" "correct it, or list it under 'missing'"
            | None ->
                raise (
                    InputException
                        $"{where}: 'positive' is '{positive}', which is no condition; write one such as '> 0' or '= dead'."
                )
