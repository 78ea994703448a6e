/// Patients' values, which must stay in tables and in the cache.
module CausalDebiasing.Bench.Cli.Faults.Privacy

open System
open System.IO
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Runtime

let private header = "stay,patient,site,age,bmi,note,death"

/// What may be seen nowhere: an identifier of a row and of a patient, two measurements, and a note.
let private markers = [ "774411"; "P-8861734"; "63.71828"; "27.31415"; "smith.1951" ]

let private row (words: string list) site outcome =
    match words with
    | [ stay; patient; age; bmi; note ] -> $"{stay},{patient},{site},{age},{bmi},{note},{outcome}"
    | _ -> invalidArg (nameof words) "five cells"

let private rows = [
    row markers "north" 1
    for i in 1..400 do
        let site = if i % 2 = 0 then "north" else "south"
        let bmi = if i % 3 = 0 then "" else $"{20 + i % 9}.5"
        row [ string i; $"p{i}"; string (40 + i % 30); bmi; $"n{i}" ] site (i / 2 % 2)
]

let private write folder (lines: string list) =
    Directory.CreateDirectory folder |> ignore
    File.WriteAllLines(Path.Combine(folder, "marked.csv"), lines)
    let manifest = Path.Combine(folder, "marked.json")

    File.WriteAllText(
        manifest,
        """{ "name": "marked", "files": [{ "path": "marked.csv" }], "outcome": { "column": "death" }, "id": "stay",
  "patient": "patient", "site": "site", "modalities": { "age": ["age"], "body": ["bmi"] } }"""
    )

    manifest

let private isSeen (text: string) =
    markers
    |> List.tryFind text.Contains
    |> Option.map (fun marker -> $"the patient's {marker} is shown")

let private seenIn folder =
    Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
    |> Seq.tryPick (fun file ->
        File.ReadAllText file
        |> isSeen
        |> Option.map (fun reason -> $"{reason} in {Path.GetFileName file}"))

let private afterARun setting folder =
    let manifest = write (Path.Combine(folder, "data")) (header :: rows)
    let out = Path.Combine(folder, "out")
    let cards = Path.Combine(folder, "cards")
    let sweep = SmallGrid.run setting (SmallGrid.sweep setting manifest out)
    let card = SmallGrid.run setting [ "data"; "card"; manifest; "--out"; cards ]

    Case.first [
        fun () -> Case.require (sweep.Code = 0) (Play.describe sweep)
        fun () -> Case.require (card.Code = 0) (Play.describe card)
        fun () ->
            [ sweep; card ]
            |> List.collect (fun ended -> ended.Output :: ended.Errors)
            |> List.tryPick isSeen
        fun () -> seenIn out
        fun () -> seenIn cards
    ]

let private said read =
    try
        read ()
        ""
    with :? InputException as mistake ->
        mistake.Message

let private access: DataAccess = {
    Root = None
    Cache = None
    Report = ignore
}

/// What is said of a table that cannot be read holds no cell of it.
let private inErrors damage setting folder =
    let manifest = write folder (damage setting.Random)
    let table = Path.Combine(folder, "marked.csv")

    Case.first [
        fun () ->
            said (fun () -> (ManifestDataset.ofFile manifest).Load access |> ignore)
            |> isSeen
        fun () -> said (fun () -> ManifestDraft.ofTable table None |> ignore) |> isSeen
        fun () -> said (fun () -> ManifestDraft.ofTable table (Some "death") |> ignore) |> isSeen
    ]

/// The first row is a patient's, with any of its columns left out.
let private withoutHeader (random: Random) =
    let kept = [|
        for column in 0..6 do
            if random.Next 4 > 0 then
                column
    |]

    let cut (line: string) =
        let cells = line.Split ','
        kept |> Seq.map (fun column -> cells[column]) |> String.concat ","

    List.map cut rows

/// The marked row is damaged wherever it can be.
let private damagedRow (random: Random) =
    header
    :: Mutation.text random (List.head rows)
    :: List.truncate (random.Next 40) rows.Tail

let cases = [
    Case.create "five marked values after a run" 1 3 afterARun
    Case.create "table without a header" 50 500 (inErrors withoutHeader)
    Case.create "damaged row of marked values" 50 2000 (inErrors damagedRow)
]
