namespace CausalDebiasing.Bench.Foundation

open System.Globalization
open System.Text.Json

/// JSON of cells and results, in the dialect `JsonDialect.results`.
module Json =
    /// One line.
    let write (value: 'a) : string =
        JsonSerializer.Serialize(value, JsonDialect.results)

    /// Raises JsonException when the text is cut short, has another shape or is null.
    let read<'a> (text: string) : 'a =
        match JsonSerializer.Deserialize(text, typeof<'a>, JsonDialect.results) with
        | null -> raise (JsonException "The text is null.")
        | value -> unbox value

    /// Text that depends on the value only: keys sorted, numbers in the shortest form that reads back equal,
    /// no white space.
    let rec canonical (element: JsonElement) : string =
        match element.ValueKind with
        | JsonValueKind.Object ->
            element.EnumerateObject()
            |> Seq.sortWith (fun a b -> System.String.CompareOrdinal(a.Name, b.Name))
            |> Seq.map (fun property ->
                JsonSerializer.Serialize property.Name + ":" + canonical property.Value)
            |> String.concat ","
            |> sprintf "{%s}"
        | JsonValueKind.Array ->
            element.EnumerateArray()
            |> Seq.map canonical
            |> String.concat ","
            |> sprintf "[%s]"
        | JsonValueKind.Number -> element.GetDouble().ToString("R", CultureInfo.InvariantCulture)
        | JsonValueKind.String -> JsonSerializer.Serialize(element.GetString())
        | _ -> element.GetRawText()
