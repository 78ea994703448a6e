namespace CausalDebiasing.Bench.Datasets

open System
open System.IO

/// Tables of the OMOP Common Data Model (5.3 and 5.4) in a folder.
type OmopFolder = {
    Path: string
    /// Files, or folders of parts, by the name of their table in lower case.
    Entries: Map<string, string list>
}

module OmopFolder =
    let private endings = [ ".csv.gz"; ".csv"; ".parquet" ]

    /// Without one of them there are no patients or no stays.
    let private needed = [ "person"; "visit_occurrence" ]

    let private withoutEnding (name: string) =
        endings
        |> List.tryFind (fun ending -> name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
        |> Option.map (fun ending -> name.Substring(0, name.Length - ending.Length))

    let private nameOf (path: string) =
        path |> Path.GetFileName |> Option.ofObj |> Option.defaultValue ""

    /// Files that systems put beside others begin so.
    let private isHidden (path: string) =
        let name = nameOf path
        name.StartsWith '.' || name.StartsWith '_'

    let private tableOf (entry: string) =
        let name = nameOf entry

        match withoutEnding name with
        | Some table -> Some(table.ToLowerInvariant())
        | None when Directory.Exists entry -> Some(name.ToLowerInvariant())
        | None -> None

    let private ordered (paths: string[]) =
        paths
        |> Array.filter (isHidden >> not)
        |> Array.sortWith (fun a b -> String.CompareOrdinal(a, b))
        |> List.ofArray

    let private entries folder =
        Directory.GetFileSystemEntries folder |> ordered

    /// The folder, where it holds persons or visits; a table that is missing is said when it is read.
    let tryOpen (folder: string) : OmopFolder option =
        if not (Directory.Exists folder) then
            None
        else
            let found =
                entries folder
                |> List.choose (fun entry -> tableOf entry |> Option.map (fun table -> table, entry))
                |> List.groupBy fst
                |> List.map (fun (table, entries) -> table, List.map snd entries)
                |> Map.ofList

            if List.exists found.ContainsKey needed then
                Some { Path = folder; Entries = found }
            else
                None

    /// The files of a table, none where it is not there. Raises InputException for a table that is there twice, and for a folder
    /// without parts.
    let files (folder: OmopFolder) (table: string) =
        match Map.tryFind table folder.Entries with
        | None -> []
        | Some [ entry ] when Directory.Exists entry ->
            match
                Directory.GetFiles(entry, "*", SearchOption.AllDirectories)
                |> ordered
                |> List.filter (fun path -> (withoutEnding path).IsSome)
            with
            | [] ->
                TableError.refuse
                    entry
                    $"the folder of the table '{table}' holds no csv, csv.gz or Parquet file"
                    "put its parts there, or remove it"
            | parts -> parts
        | Some [ entry ] -> [ entry ]
        | Some several ->
            let listed = several |> List.map nameOf |> String.concat ", "
            TableError.refuse folder.Path $"the table '{table}' is there twice ({listed})" "keep one of them"

    /// The first needed table that is not there.
    let tryMissing (folder: OmopFolder) =
        needed |> List.tryFind (fun table -> not (folder.Entries.ContainsKey table))

    let private isZip (path: string) =
        path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)

    /// Raises InputException for an archive.
    let refuseArchive (path: string) =
        if isZip path && File.Exists path then
            TableError.refuse
                path
                "the tables of an archive are not read"
                "unpack it, and name the folder that holds its tables"

    /// Raises InputException for a folder whose tables are packed, or are in a folder below.
    let refuseNear (folder: string) =
        if Directory.Exists folder then
            match
                entries folder
                |> List.filter Directory.Exists
                |> List.tryFind (fun below -> (tryOpen below).IsSome)
            with
            | Some below ->
                TableError.refuse
                    folder
                    "its tables of OMOP are in a folder below"
                    $"name {Path.Combine(folder, nameOf below)}"
            | None -> entries folder |> List.tryFind isZip |> Option.iter refuseArchive
