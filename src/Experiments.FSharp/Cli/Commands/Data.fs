/// `data`: which real data sets are there, what is in them, and how to bring one's own.
module CausalDebiasing.Bench.Cli.Commands.Data

open System.IO
open System.Net.Http
open Argu
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running
open CausalDebiasing.Runtime

/// How a data set that is not there is got.
let private remedy (dataset: Dataset) =
    let isOf (source: DownloadSource) =
        source.Name = dataset.Name || source.Title = dataset.Title

    match DownloadSource.all |> List.tryFind isOf with
    | Some source -> $"data fetch {source.Name}"
    | None -> "by hand"

let private list access =
    ShowCard.table [ "name"; "there"; "access"; "how" ] [
        for dataset in DatasetCatalog.all do
            let there, how =
                match dataset.Status access.Root with
                | Present _ -> "yes", ""
                | Absent _ -> "no", remedy dataset

            let access =
                if dataset.Licence.Contains "Credentialed" then
                    "request"
                else
                    "open"

            [ dataset.Name; there; access; how ]
    ]

    printfn
        "'data card NAME' prints a data set that is there; of another it says what is missing, its licence and its source."

    match access.Root with
    | Some root -> printfn $"Data root: {root}"
    | None -> printfn $"No data root is given: name a folder by {DataRoot.optionName} or {DataRoot.variable}."

let private find name =
    match DatasetCatalog.tryFind name with
    | Some dataset -> dataset
    | None ->
        raise (
            InputException $"Unknown data set '{name}' in data card: {Names.hint DatasetCatalog.names name}"
        )

let private load access (dataset: Dataset) =
    dataset.Status access.Root |> DatasetStatus.require |> ignore
    dataset.Load access

/// Prints the card, and gives it.
let private show (dataset: Dataset) (loaded: LoadedCohort) =
    let card = CohortCard.publish loaded.Card
    ShowCard.print dataset.Title card
    card

let private save access folder (dataset: Dataset) =
    let card = load access dataset |> show dataset
    let file = Path.Combine(folder, $"{FileName.safe card.Dataset}.json")

    let refuse () =
        raise (InputException $"Cannot write to '{folder}' (--out): choose a folder you may write to.")

    try
        Directory.CreateDirectory folder |> ignore
        AtomicFile.writeText file (Json.write card)

        AtomicFile.writeText
            (Path.Combine(folder, $"{FileName.safe card.Dataset}.md"))
            (CardText.markdown dataset.Title card)

        AtomicFile.writeText
            (Path.Combine(folder, $"{FileName.safe card.Dataset}.croissant.json"))
            (Croissant.ofCard dataset.Title dataset.Licence dataset.Source card)
    with
    | :? IOException as reason when not (Disk.isFull reason) -> refuse ()
    | :? System.UnauthorizedAccessException -> refuse ()

    printfn $"Saved as {file}, and as Markdown and Croissant beside it."

let private cards access folder (names: string list) =
    if names.IsEmpty then
        for dataset in DatasetCatalog.all do
            match dataset.Status access.Root with
            | Absent reason -> printfn $"{reason}"
            | Present _ -> save access folder dataset
    else
        for dataset in List.map find names do
            save access folder dataset

let private check access name (dataset: Dataset) =
    let loaded = load access dataset
    show dataset loaded |> ignore

    match CohortLeaks.warnings loaded.Card.MaskAuroc loaded.Cohort with
    | [] -> printfn $"{name} is fine."
    | warnings ->
        List.iter (printfn "%s") warnings

        printfn
            $"{name} can be read, but see the warnings: results from it would mean nothing where they are right."

/// The table's path as seen from the manifest's folder.
let private beside (manifest: string) (table: string) =
    match Path.GetDirectoryName(Path.GetFullPath manifest) with
    | null -> table
    | folder -> Path.GetRelativePath(folder, Path.GetFullPath table).Replace('\\', '/')

/// Writes a file unless there is one of that name.
let private writeNew (file: string) text =
    if File.Exists file then
        raise (InputException $"'{file}' exists: remove it, or name another file by --out.")

    try
        AtomicFile.writeText file text
    with
    | :? IOException
    | :? System.UnauthorizedAccessException ->
        raise (InputException $"'{file}' cannot be written: name another file by --out.")

let private schema (out: string option) =
    let file = Option.defaultValue ManifestSchema.fileName out
    writeNew file ManifestSchema.text.Value

    printfn
        $"Wrote {file}: put \"$schema\": \"{file}\" at the top of a manifest beside it, and editors complete and check it."

/// Writes a draft, and says what it was made by.
let private writeDraft (file: string) text notes =
    writeNew file text

    for note in notes do
        printfn $"{note}"

    printfn $"Wrote {file}: read it, correct outcome and modalities, then run 'data check {file}'."

let private initTable (table: string) outcome (out: string option) =
    let manifest, notes = ManifestDraft.ofTable table outcome

    let file = out |> Option.defaultValue (ManifestDraft.name table + ".json")

    let manifest = {
        manifest with
            Files = [
                {
                    Path = beside file table
                    Site = None
                }
            ]
    }

    writeDraft file (Manifest.write manifest) notes

/// Writes the description of a folder; `text` gives it by what paths are as seen from its own folder.
let private writeDescription (name: string) notes (out: string option) (text: (string -> string) -> string) =
    let file = out |> Option.defaultValue (name + ".json")
    writeDraft file (text (beside file)) notes

let private initOmop folder (description: OmopDescription) notes out =
    writeDescription description.Name notes out (fun place ->
        OmopDescription.write {
            description with
                Omop = place folder
                Labels = Option.map place description.Labels
                Task = Option.map place description.Task
        })

let private initEvents folder outcome out =
    let description, notes = MedsFolderDraft.draft folder outcome

    writeDescription description.Name notes out (fun place ->
        MedsDescription.write {
            description with
                Meds = place folder
                Labels = Option.map place description.Labels
                Task = Option.map place description.Task
        })

let private initFolder (folder: string) outcome out =
    match OmopDraft.tryDraft folder outcome with
    | Some(description, notes) -> initOmop folder description notes out
    | None ->
        let hasEvents =
            (MedsFolder.tryOpen folder MedsFolder.standardEvents).IsSome
            || not (MedsLocation.strayEvents folder).IsEmpty

        if not hasEvents then
            OmopFolder.refuseNear folder

        initEvents folder outcome out

let private init (path: string) =
    if Directory.Exists path then
        initFolder path
    else
        OmopFolder.refuseArchive path
        initTable path

let private fetch (root: string option) mirror name =
    let names = DownloadSource.all |> List.map _.Name
    Names.require "data set" "data fetch" names name
    let source = DownloadSource.all |> List.find (fun source -> source.Name = name)

    match root with
    | None ->
        raise (
            InputException
                $"data fetch needs a folder to put '{name}' into: name one by {DataRoot.optionName} or {DataRoot.variable}."
        )
    | Some root ->
        printfn $"{source.Title} ({source.Licence}), {source.Files.Length} files"
        use client = new HttpClient()
        let folder = Download.fetch client (printfn "%s") root mirror source
        printfn $"All files of {name} are in {folder}."

let run arguments =
    let options = Parsing.parse<DataArgument> "data" arguments
    let access = Suite.dataAccess (options.TryGetResult DataArgument.Data_Root)
    let out = options.TryGetResult DataArgument.Out

    match options.TryGetResult DataArgument.Init, options.TryGetResult DataArgument.Check with
    | _ when options.Contains DataArgument.Schema -> schema out
    | Some table, _ -> init table (options.TryGetResult DataArgument.Outcome) out
    | _, Some manifest ->
        let dataset =
            if Directory.Exists((manifest.Split '@')[0]) then
                find manifest
            else
                DatasetCatalog.ofFile manifest

        check access manifest dataset
    | None, None ->
        match options.TryGetResult DataArgument.Card, options.TryGetResult DataArgument.Fetch with
        | Some names, _ -> cards access (Option.defaultValue "results/cards" out) names
        | _, Some name -> fetch access.Root (options.TryGetResult DataArgument.Mirror) name
        | None, None -> list access

    Exit.Success
