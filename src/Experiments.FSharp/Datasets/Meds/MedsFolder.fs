namespace CausalDebiasing.Bench.Datasets

open System
open System.IO
open System.Text.Json

/// A data set in the Medical Event Data Standard (MEDS 0.3 and 0.4) on disk.
type MedsFolder = {
    Path: string
    /// Parquet files with events, in ordinal order.
    Events: string list
    /// metadata/subject_splits.parquet.
    Splits: string option
    /// metadata/dataset.json.
    Metadata: string option
}

/// What metadata/dataset.json says of the data.
type MedsMetadata = {
    Title: string option
    Licence: string option
    /// Columns with the site of care.
    SiteColumns: string list
}

module MedsFolder =
    let private parquetIn (path: string) =
        if File.Exists path then
            [ path ]
        elif Directory.Exists path then
            Directory.GetFiles(path, "*.parquet", SearchOption.AllDirectories)
            |> Array.sortWith (fun a b -> String.CompareOrdinal(a, b))
            |> List.ofArray
        else
            []

    let private existing (path: string) =
        if File.Exists path then Some path else None

    /// Where the standard keeps events.
    let standardEvents = "data"

    /// The folder; `events` is the folder or file of the events within it. None when it holds no events.
    let tryOpen (folder: string) (events: string) : MedsFolder option =
        match parquetIn (Path.Combine(folder, events)) with
        | [] -> None
        | files ->
            Some {
                Path = folder
                Events = files
                Splits = existing (Path.Combine(folder, "metadata", "subject_splits.parquet"))
                Metadata = existing (Path.Combine(folder, "metadata", "dataset.json"))
            }

    /// Parquet files of labels where none are named: those of the folder `labels`.
    let labels (folder: string) =
        parquetIn (Path.Combine(folder, "labels"))

    /// Parquet files of a file or folder.
    let filesOf path = parquetIn path

    let private noMetadata = {
        Title = None
        Licence = None
        SiteColumns = []
    }

    /// Raises InputException when the file is no JSON.
    let metadata (folder: MedsFolder) =
        match folder.Metadata with
        | None -> noMetadata
        | Some path ->
            try
                use document = JsonDocument.Parse(File.ReadAllText path)
                let root = document.RootElement

                let text (name: string) =
                    match root.TryGetProperty name with
                    | true, value when value.ValueKind = JsonValueKind.String ->
                        Option.ofObj (value.GetString())
                    | _ -> None

                {
                    Title =
                        [ text "dataset_name"; text "dataset_version" ]
                        |> List.choose id
                        |> function
                            | [] -> None
                            | words -> Some(String.concat " " words)
                    Licence = text "license"
                    SiteColumns =
                        match root.TryGetProperty "site_id_columns" with
                        | true, list when list.ValueKind = JsonValueKind.Array -> [
                            for item in list.EnumerateArray() do
                                match item.GetString() with
                                | null -> ()
                                | name -> name
                          ]
                        | _ -> []
                }
            with
            | :? JsonException
            | :? InvalidOperationException ->
                TableError.refuse path "the file does not describe a data set in JSON" "get the file again"
