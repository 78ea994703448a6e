namespace CausalDebiasing.Bench.Planning

open System.Text.Json

/// Why a result no longer counts: what differs between two identities of one cell.
module IdentityChange =
    let rec private differences name (before: JsonElement) (after: JsonElement) =
        if
            before.ValueKind = JsonValueKind.Object
            && after.ValueKind = JsonValueKind.Object
        then
            [
                for property in after.EnumerateObject() do
                    match before.TryGetProperty property.Name with
                    | true, old -> yield! differences property.Name old property.Value
                    | _ -> yield $"{property.Name} is new"
                for property in before.EnumerateObject() do
                    if not (fst (after.TryGetProperty property.Name)) then
                        yield $"{property.Name} is gone"
            ]
        elif before.GetRawText() = after.GetRawText() then
            []
        else
            [ $"{name} {before.GetRawText()} -> {after.GetRawText()}" ]

    /// One line, for example "baselineVersion "1" -> "2"".
    let describe (before: string) (after: string) =
        use old = JsonDocument.Parse before
        use current = JsonDocument.Parse after
        differences "" old.RootElement current.RootElement |> String.concat ", "
