namespace CausalDebiasing.Bench.Datasets

open System
open System.Text.Json
open System.Text.Json.Serialization.Metadata
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Runtime

/// The dialect of people for 'T, which may name its schema.
type private WithSchema<'T>() =
    static let name (info: JsonTypeInfo) =
        if info.Type = typeof<'T> && info.Kind = JsonTypeInfoKind.Object then
            let property = info.CreateJsonPropertyInfo(typeof<string>, "$schema")
            property.Set <- System.Action<obj, obj | null>(fun _ _ -> ())
            info.Properties.Add property

    static let options =
        let resolver = DefaultJsonTypeInfoResolver()
        resolver.Modifiers.Add name
        JsonSerializerOptions(JsonDialect.handwritten, TypeInfoResolver = resolver)

    static member Options = options

/// Descriptions of data that people write as JSON.
module HandwrittenJson =
    /// Reads an object, whose "$schema" is for editors; `where` is the file and `what` the kind of description in messages.
    /// Raises InputException when the text is no JSON or has a property that does not exist.
    let read<'T> (where: string) (what: string) (text: string) : 'T =
        let refuse (where: string) problem remedy =
            raise (InputException $"{where}: {problem}; {remedy}.")

        try
            match JsonSerializer.Deserialize(text, typeof<'T>, WithSchema<'T>.Options) with
            | null -> refuse where "the file holds no object" $"write a {what}; 'data init' makes a first one"
            | value -> unbox value
        with :? JsonException as failure ->
            let first = ((failure.Message.Split " Path:")[0]).TrimEnd '.'

            // What is no literal is repeated up to the next quote, over many lines.
            let first =
                if first.Contains '\n' then
                    "what stands there is no JSON"
                else
                    first

            let line =
                failure.LineNumber
                |> Option.ofNullable
                |> Option.map (fun line -> $", line {line + 1L}")
                |> Option.defaultValue ""

            refuse $"{where}{line}" first $"correct the {what}"
