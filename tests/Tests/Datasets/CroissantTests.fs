module CausalDebiasing.Tests.Datasets.CroissantTests

open System.Text.Json
open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.ToyManifest

let private card = lazy (CohortCard.publish (loadWith json (text rows)).Card)

let private parsed (source: string option) =
    JsonDocument.Parse(Croissant.ofCard "A \"toy\"" "CC0" source card.Value).RootElement

let private text (element: JsonElement) = string (element.GetString())

let private property (name: string) (element: JsonElement) = element.GetProperty name

let private list name (element: JsonElement) = [
    for item in (property name element).EnumerateArray() -> item
]

[<Tests>]
let tests =
    testList "croissant" [
        testCase "a card has what the format asks for, and an address where there is one"
        <| fun () ->
            let root = parsed (Some "https://example.org/toy")

            for name, expected in
                [
                    "@type", "sc:Dataset"
                    "name", "toy"
                    "license", "CC0"
                    "url", "https://example.org/toy"
                ] do
                Expect.equal (text (property name root)) expected name

            Expect.contains
                (list "conformsTo" root |> List.map text)
                "http://mlcommons.org/croissant/1.0"
                "format"

            Expect.stringStarts
                (text (property "description" root))
                "A \"toy\". 40 rows of 20 patients, 20"
                "description"

            Expect.isFalse (fst ((parsed None).TryGetProperty "url")) "no address"

        testCase "every name is a term of its context, or of the vocabularies that it names"
        <| fun () ->
            let root = parsed None
            let context = property "@context" root

            let known = set [ for own in context.EnumerateObject() -> own.Name ]

            // Of schema.org, which is the vocabulary of what has no prefix.
            let ofSchema = set [ "name"; "description"; "license"; "url" ]

            let rec names (element: JsonElement) = [
                match element.ValueKind with
                | JsonValueKind.Object ->
                    for own in element.EnumerateObject() do
                        if own.Name <> "@context" && own.Name <> "data" then
                            own.Name
                            yield! names own.Value
                | JsonValueKind.Array ->
                    for item in element.EnumerateArray() do
                        yield! names item
                | _ -> ()
            ]

            for name in names root |> List.distinct do
                let isKnown =
                    name.StartsWith '@'
                    || ofSchema.Contains name
                    || known.Contains name
                    || name.Contains ':' && known.Contains(name.Split(':')[0])

                Expect.isTrue isKnown name

        testCase
            "tables within the file have a value of the declared type for every field, as the card has it"
        <| fun () ->
            let root = parsed None
            let sets = list "recordSet" root

            Expect.equal
                (sets |> List.map (property "name" >> text))
                [ "sites"; "parts"; "modalities" ]
                "tables"

            let ids = [
                for own in sets do
                    text (property "@id" own)

                    for field in list "field" own do
                        text (property "@id" field)
            ]

            Expect.equal (List.distinct ids).Length ids.Length "ids are of one thing each"

            for own in sets do
                let fields =
                    list "field" own
                    |> List.map (fun field -> text (property "@id" field), text (property "dataType" field))

                for record in list "data" own do
                    Expect.equal
                        [ for pair in record.EnumerateObject() -> pair.Name ]
                        (List.map fst fields)
                        "fields of a record"

                    for id, kind in fields do
                        let expected =
                            if kind = "sc:Text" then
                                JsonValueKind.String
                            else
                                JsonValueKind.Number

                        Expect.contains [ expected; JsonValueKind.Null ] (property id record).ValueKind id

            let sites = list "data" sets.Head

            Expect.equal
                [
                    for site in sites ->
                        text (property "sites/site" site), (property "sites/rows" site).GetInt32()
                ]
                [ for site in card.Value.Sites -> site.Site, site.Rows ]
                "sites"

            let missing = [
                for own in list "data" sets[2] -> (property "modalities/missing" own).GetDouble()
            ]

            Expect.equal missing [ 0.; 0.25 ] "rates"
    ]
