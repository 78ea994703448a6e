namespace CausalDebiasing.Bench.Datasets

open System
open System.IO
open System.Text.Json
open System.Text.Json.Serialization.Metadata
open System.Text.RegularExpressions
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
    let private refuse (where: string) problem remedy =
        raise (InputException $"{where}: {problem}; {remedy}.")

    /// Raises InputException for the first of the properties, by name and value, that is not there; `where` is the file.
    let requirePresent where (properties: (string * (obj | null)) list) =
        for property, value in properties do
            if isNull value then
                refuse where $"the property '{property}' is missing" "add it"

    /// Raises InputException where both labels and a task are given.
    let requireOneGoal where (labels: string option) (task: string option) =
        if labels.IsSome && task.IsSome then
            refuse where "both 'labels' and 'task' say what to predict" "remove one of the two"

    /// Raises InputException for a property that is given and is none of its words.
    let requireWord where property (words: string list) (value: string option) =
        match value with
        | Some word when not (List.contains word words) ->
            refuse where $"'{property}' is none of its words" $"""write {String.concat " or " words}"""
        | _ -> ()

    /// Whether the file is a JSON object with the property.
    let hasProperty (property: string) (path: string) =
        try
            use document =
                JsonDocument.Parse(
                    File.ReadAllText path,
                    JsonDocumentOptions(
                        CommentHandling = JsonCommentHandling.Skip,
                        AllowTrailingCommas = true
                    )
                )

            document.RootElement.ValueKind = JsonValueKind.Object
            && fst (document.RootElement.TryGetProperty property)
        with
        | :? JsonException
        | :? IOException
        | :? UnauthorizedAccessException -> false

    /// A property that does not exist, with those that do; else the text as it is.
    let private ofUnknown<'T> (message: string) =
        let found =
            Regex.Match(
                message,
                "^The JSON property '(.*)' could not be mapped to any .NET member contained in type '(.*)'$"
            )

        let owner =
            if found.Success then
                typeof<'T>.Assembly.GetType found.Groups[2].Value
            else
                null

        match owner with
        | null -> message
        | owner ->
            let known = [
                for property in WithSchema<'T>.Options.GetTypeInfo(owner).Properties -> property.Name
            ]

            let name = found.Groups[1].Value
            $"there is no property '{name}' here, {(Names.hint known name).TrimEnd('.', '?')}"

    /// Reads an object, whose "$schema" is for editors; `where` is the file and `what` the kind of description in messages.
    /// Raises InputException when the text is no JSON or has a property that does not exist.
    let read<'T> (where: string) (what: string) (text: string) : 'T =
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
                    ofUnknown<'T> first

            let line =
                failure.LineNumber
                |> Option.ofNullable
                |> Option.map (fun line -> $", line {line + 1L}")
                |> Option.defaultValue ""

            refuse $"{where}{line}" first $"correct the {what}"
