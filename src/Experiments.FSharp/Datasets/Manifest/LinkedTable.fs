namespace CausalDebiasing.Bench.Datasets

open System
open System.Text.Json
open System.Text.Json.Serialization
open CausalDebiasing.Runtime

/// A modality that has a file of its own: a .npy array, or a table whose rows name rows of the manifest's files by their id.
/// `vector`, `code`, or `time`, `name` and `value` say which; written as JSON by users.
type LinkedTable = {
    /// Looked for as the manifest's files are.
    File: string
    /// Column with the ids; that of the manifest's `id` if not given.
    Id: string option
    /// Of a .npy file: column of the manifest's files that numbers its rows, from 0; they have the order of the files' rows
    /// if not given.
    Row: string option
    /// Column of vectors, one row per id.
    Vector: string option
    /// Column of codes, one row per code.
    Code: string option
    /// Columns of a series, one row per value: when, what, and how much.
    Time: string option
    Name: string option
    Value: string option
    /// Steps of the series.
    Steps: int option
    /// Length of a step in the unit of `time`; 1 if not given.
    Step: float option
}

/// What a linked file holds.
type LinkedContent =
    | Vectors of column: string
    /// A .npy file.
    | Rows
    | Codes of column: string
    | Series of time: string * name: string * value: string * steps: int * step: float

module LinkedTable =
    let private mostSteps = 10_000

    let private refuse (where: string) problem remedy =
        raise (InputException $"{where}: {problem}; {remedy}.")

    let private isArray (linked: LinkedTable) =
        linked.File.EndsWith(".npy", StringComparison.OrdinalIgnoreCase)

    /// What the file holds. Raises InputException where the properties do not say one thing.
    let content where modality (linked: LinkedTable) =
        if String.IsNullOrWhiteSpace linked.File then
            refuse where $"modality '{modality}' has no 'file'" "name its file, or list columns in brackets"

        let series = List.choose id [ linked.Time; linked.Name; linked.Value ]

        match linked.Vector, linked.Code, series with
        | None, None, [] when isArray linked -> Rows
        | Some column, None, [] when not (isArray linked) -> Vectors column
        | None, Some column, [] when not (isArray linked) -> Codes column
        | None, None, [ time; name; value ] when not (isArray linked) ->
            let steps, step =
                Option.defaultValue 0 linked.Steps, Option.defaultValue 1. linked.Step

            if steps < 1 || steps > mostSteps then
                refuse
                    where
                    $"'steps' of modality '{modality}' is not between 1 and {mostSteps}"
                    "say how many steps the series has"

            if not (step > 0. && Double.IsFinite step) then
                refuse
                    where
                    $"'step' of modality '{modality}' is not above 0"
                    "give its length in the unit of 'time'"

            Series(time, name, value, steps, step)
        | _ ->
            refuse
                where
                $"modality '{modality}' does not say what its file holds"
                "name one of 'vector', 'code', or 'time', 'name' and 'value'; none of them for a .npy file"

/// What a modality is made of.
[<JsonConverter(typeof<ManifestModalityConverter>)>]
type ManifestModality =
    /// Columns of the manifest's files.
    | Columns of string list
    | Linked of LinkedTable

/// JSON of a modality: a list of columns, or an object.
and ManifestModalityConverter() =
    inherit JsonConverter<ManifestModality>()

    override _.HandleNull = true

    override _.Read(reader, _, options) =
        match reader.TokenType with
        | JsonTokenType.StartArray ->
            match JsonSerializer.Deserialize<string list>(&reader, options) with
            | null -> raise (JsonException "A list of columns is needed here")
            | columns when List.exists (box >> isNull) columns ->
                raise (JsonException "A column's name is needed here")
            | columns -> Columns columns
        | JsonTokenType.StartObject ->
            match JsonSerializer.Deserialize<LinkedTable>(&reader, options) with
            | null -> raise (JsonException "The description of a file is needed here")
            | linked -> Linked linked
        | _ -> raise (JsonException "A list of columns or the description of a file is needed here")

    override _.Write(writer, modality, options) =
        match modality with
        | Columns columns -> JsonSerializer.Serialize(writer, columns, options)
        | Linked linked -> JsonSerializer.Serialize(writer, linked, options)
