/// Predictions of cells on disk, one file for each cell, which the cell's result knows by its checksum.
module CausalDebiasing.Bench.Results.KeptPredictions

open System
open System.Data.Common
open System.IO
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Runtime
open DuckDB.NET.Data

/// Folders for predictions: those of worlds lie in the run's folder, those of recorded patients where only their owner can read.
type Folders = {
    Run: string
    /// None: predictions for recorded patients are not kept.
    Private: string option
}

/// Name of the diagnostic with the SHA-256 of a cell's file.
let checksumName = "predictions.sha256"

/// Name of the diagnostic that says why a cell has no file.
let reasonName = "predictions.not-kept"

let private name = "predictions"

/// The folders of a run.
let folders run = {
    Run = Path.Combine(run, name)
    Private =
        CohortCache.defaultFolder ()
        |> Option.map (fun cache -> Path.Combine(cache, name))
}

/// Cells of several runs share the private folder, so that the checksum is part of the name there.
let private tryPath folders (cell: Cell) (cellId: string) (checksum: string) =
    if TestPredictions.isRecorded cell.Data then
        folders.Private
        |> Option.map (fun folder -> Path.Combine(folder, $"{cellId}-{checksum.Substring(0, 12)}.parquet"))
    else
        Some(Path.Combine(folders.Run, $"{cellId}.parquet"))

let private checksum (path: string) =
    use file = File.OpenRead path
    Sha256.ofStream file

/// The file of a result and the checksum that it must have; None where none was kept.
let private tryFile folders (result: CellResult) =
    Map.tryFind checksumName result.Diagnostics
    |> Option.bind (fun checksum ->
        tryPath folders result.Cell result.CellId checksum
        |> Option.map (fun path -> path, checksum))

let private makeFolder isPrivate (folder: string) =
    if isPrivate then
        OwnerOnly.folder folder
    else
        Directory.CreateDirectory folder |> ignore

let private save isPrivate (path: string) (content: byte[]) =
    AtomicFile.write path (fun partial ->
        File.WriteAllBytes(partial, content)

        if isPrivate then
            OwnerOnly.file partial)

/// Keeps the predictions of a cell and says so in diagnostics. A file that cannot be written costs no result: a diagnostic
/// says why there is none.
let write folders (cell: Cell) cellId (tests: TestPredictions list) : (string * string) list =
    let isPrivate = TestPredictions.isRecorded cell.Data

    match (if isPrivate then folders.Private else Some folders.Run) with
    | None -> [ reasonName, "there is no home for a cache that only its owner can read" ]
    | Some folder ->
        try
            makeFolder isPrivate folder
            let content = TestPredictions.toBytes folder tests
            let checksum = Sha256.ofBytes content
            save isPrivate (tryPath folders cell cellId checksum).Value content
            [ checksumName, checksum ]
        with
        | :? IOException
        | :? UnauthorizedAccessException
        | :? DbException as failure -> [ reasonName, failure.Message.Split('\n')[0] ]

/// Why a result's predictions cannot be read, or that they can be.
type Kept =
    | Whole of path: string
    /// In a few words.
    | Absent of reason: string
    | Damaged of path: string * reason: string

/// Where the predictions of a result stand.
let look folders (result: CellResult) =
    match tryFile folders result with
    | None ->
        Map.tryFind reasonName result.Diagnostics
        |> Option.defaultValue "they were not kept"
        |> Absent
    | Some(path, _) when not (File.Exists path) -> Absent "their file is gone"
    | Some(path, expected) ->
        try
            if checksum path = expected then
                Whole path
            else
                Damaged(path, "it does not match the checksum in the cell's result")
        with
        | :? IOException
        | :? UnauthorizedAccessException -> Damaged(path, "it cannot be read")

/// The stored results, of which those with damaged predictions are corrupt; where predictions are not there, a result still counts.
let verify folders (stored: StoredCells) : StoredCells =
    stored
    |> Map.map (fun _ found ->
        match found with
        | Found cell ->
            match look folders cell.Result with
            | Damaged(path, reason) -> Corrupt(path, reason)
            | Whole _
            | Absent _ -> found
        | NotFound
        | Corrupt _ -> found)

/// All that is stored of a run, see `verify`.
let storeOf run = Store.read run |> verify (folders run)

/// The predictions of a result; Error says in a few words why there are none. Raises InputException for a damaged file.
let read folders (result: CellResult) : Result<TestPredictions list, string> =
    match look folders result with
    | Absent reason -> Error reason
    | Damaged(path, reason) -> Store.refuse path reason
    | Whole path ->
        try
            Ok(TestPredictions.read path)
        with :? DuckDBException ->
            Store.refuse path "it is no table of predictions"

/// Copies the predictions of results of a run into a folder that only its owner can read, as CELL.parquet, and gives their number.
/// Raises InputException for a damaged file.
let copy run (target: string) (results: CellResult list) =
    let folders = folders run
    makeFolder true target

    results
    |> List.sumBy (fun result ->
        match look folders result with
        | Absent _ -> 0
        | Damaged(path, reason) -> Store.refuse path reason
        | Whole path ->
            save true (Path.Combine(target, $"{result.CellId}.parquet")) (File.ReadAllBytes path)
            1)

/// Copies the predictions of a result of one of several runs into another run's folder, if they are there.
let bring (runs: string list) (target: string) (result: CellResult) =
    if not (TestPredictions.isRecorded result.Cell.Data) then
        let found =
            runs
            |> List.tryPick (fun run ->
                match look (folders run) result with
                | Whole path -> Some path
                | Absent _
                | Damaged _ -> None)

        match found, tryFile (folders target) result with
        | Some source, Some(path, _) -> save false path (File.ReadAllBytes source)
        | _ -> ()
