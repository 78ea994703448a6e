module CausalDebiasing.Tests.Datasets.ManifestSchemaTests

open System.IO
open System.Text.Json
open FSharp.Reflection
open Expecto
open Json.Schema
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support

let private file parts =
    match Repository.tryRoot () with
    | Some root -> File.ReadAllText(Path.Combine [| root; yield! parts |])
    | None -> failwith "The tests run in a source tree."

let private schema = lazy (JsonSchema.FromText ManifestSchema.text.Value)

let private relaxed =
    JsonDocumentOptions(CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)

let private conforms (text: string) =
    use document = JsonDocument.Parse(text, relaxed)
    schema.Value.Evaluate(document.RootElement).IsValid

let private isRead (text: string) =
    try
        Manifest.parse "toy.json" text |> ignore
        true
    with :? InputException ->
        false

/// The names of a definition, but for the schema's own.
let private named (definition: string) =
    use document = JsonDocument.Parse ManifestSchema.text.Value

    let properties =
        document.RootElement.GetProperty("$defs").GetProperty(definition).GetProperty "properties"

    [
        for property in properties.EnumerateObject() do
            if property.Name <> "$schema" then
                property.Name
    ]
    |> List.sort

let private fields<'T> =
    [
        for field in FSharpType.GetRecordFields typeof<'T> do
            JsonNamingPolicy.CamelCase.ConvertName field.Name
    ]
    |> List.sort

let private blocks (language: string) (page: string) = [
    for part in page.Split $"```{language}\n" |> Array.skip 1 -> (part.Split "```")[0]
]

[<Tests>]
let tests =
    testList "manifest schema" [
        for definition, fields in
            [
                "manifest", fields<Manifest>
                "file", fields<ManifestFile>
                "outcome", fields<ManifestOutcome>
                "column", fields<ManifestColumn>
                "linked", fields<LinkedTable>
                "subgroup", fields<ManifestSubgroup>
                "meds", fields<MedsDescription>
                "medsSite", fields<MedsSite>
                "medsModality", fields<MedsModality>
                "omop", fields<OmopDescription>
            ] do
            test $"it names what is read: {definition}" {
                Expect.equal (named definition) fields "properties"
            }

        test "what is read conforms, and may name its schema" {
            let shipped = file [ "examples"; "heart-uci.json" ]

            for text in [ shipped; ToyManifest.json ] do
                for text in
                    [
                        text
                        text.Replace("\"name\":", "\"$schema\": \"manifest.schema.json\", \"name\":")
                    ] do
                    Expect.isTrue (isRead text) "read"
                    Expect.isTrue (conforms text) "conforms"
        }

        test "the documents' manifests conform" {
            let whole =
                file [ "docs"; "data.md" ]
                |> blocks "json"
                |> List.filter (fun block -> block.StartsWith '{')

            Expect.isNonEmpty whole "manifests"

            for text in whole do
                Expect.isTrue (conforms text) text
        }

        test "a draft conforms" {
            TempFolder.withFolder (fun folder ->
                let table = Path.Combine(folder, "toy.csv")
                File.WriteAllText(table, ToyManifest.text ToyManifest.rows)
                let draft, _ = ManifestDraft.ofTable table (Some "death")
                Expect.isTrue (conforms (Manifest.write draft)) "draft")
        }

        for before, after in
            [
                "\"name\": \"toy\"", "\"nam\": \"toy\""
                "{ \"path\": \"toy.csv\" }", ""
                "{ \"path\": \"toy.csv\" }", "{ \"site\": \"a\" }"
                "\"column\": \"death\"", "\"positive\": \"> 0\""
                "\"site\": \"site\"", "\"split\": \"part\", \"time\": \"year\""
                "\"site\": \"site\"", "\"decimal\": \";\""
                "\"categorical\": true", "\"vector\": 0"
                "\"categorical\": true", "\"unknown\": \"ignore\""
                "[\"bmi\", \"kind\"]", "[]"
                "[\"bmi\", \"kind\"]",
                "{ \"file\": \"f.csv\", \"time\": \"t\", \"name\": \"n\", \"value\": \"v\", \"steps\": 0 }"
                "[\"bmi\", \"kind\"]", "{ \"vector\": \"v\" }"
            ] do
            test $"what is refused does not conform: {after} for {before}" {
                let text = ToyManifest.json.Replace(before, after)
                Expect.notEqual text ToyManifest.json "changed"
                Expect.isFalse (isRead text) "refused"
                Expect.isFalse (conforms text) "does not conform"
            }
    ]
