namespace CausalDebiasing.Bench.Foundation

open System.Text
open System.Text.Json
open System.Text.Json.Serialization

/// Text in JSON, where a number (or true and false) stands for itself as it is written: -9 is "-9".
type JsonText() =
    inherit JsonConverter<string>()

    override _.Read(reader, _, _) =
        match reader.TokenType with
        | JsonTokenType.String -> reader.GetString()
        | JsonTokenType.Number -> Encoding.UTF8.GetString reader.ValueSpan
        | JsonTokenType.True -> "true"
        | JsonTokenType.False -> "false"
        | _ -> raise (JsonException "Text or a number is needed here")

    override _.ReadAsPropertyName(reader, _, _) =
        match reader.GetString() with
        | null -> ""
        | name -> name

    override _.Write(writer, value, _) = writer.WriteStringValue value

    override _.WriteAsPropertyName(writer, value, _) = writer.WritePropertyName value
