namespace CausalDebiasing.Bench.Foundation

open System.Text.Encodings.Web
open System.Text.Json
open System.Text.Json.Serialization

/// The ways in which the suite writes JSON.
module JsonDialect =
    let private withConverters (converters: JsonConverter list) (options: JsonSerializerOptions) =
        List.iter options.Converters.Add converters
        options.MakeReadOnly(populateMissingResolver = true)
        options

    /// For cells, results and options, one line: records as objects, status words as strings, options as a value or null,
    /// NaN as "NaN".
    let results =
        JsonSerializerOptions(
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
        )
        |> withConverters [
            JsonStringEnumConverter()
            JsonFSharpConverter(JsonUnionEncoding.Default ||| JsonUnionEncoding.UnwrapFieldlessTags)
        ]

    /// For what others read of a run, such as claims.json: indented, names in snake case.
    let published =
        JsonSerializerOptions(
            WriteIndented = true,
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
        )
        |> withConverters []

    /// For what people write, such as manifests: indented, names in camel case; with comments and numbers for text, without
    /// names that do not exist or stand twice.
    let handwritten =
        JsonSerializerOptions(
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = false,
            ReadCommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
            WriteIndented = true,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
        )
        |> withConverters [ JsonText() ]
