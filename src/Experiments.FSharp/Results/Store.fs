namespace CausalDebiasing.Bench.Results

open System
open System.IO
open System.Text.Json
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Runtime

/// A result with the identity it was computed for.
type StoredCell = { Identity: string; Result: CellResult }

/// What is on disk for a cell.
type Lookup =
    | Found of StoredCell
    | NotFound
    /// What is there cannot be believed, with the reason in a few words.
    | Corrupt of path: string * reason: string

/// What a folder held when it was read, by cell id.
type StoredCells = Map<string, Lookup>

/// Results on disk, one file per cell, named by the cell's id and sealed by a checksum.
module Store =
    let path folder cellId =
        Path.Combine(RunFolder.cells folder, cellId + ".json")

    /// Stores a result, replacing an earlier one.
    let write folder stored =
        AtomicFile.writeText (path folder stored.Result.CellId) (Checksum.seal (Json.write stored))

    let private parse (file: string) json =
        let stored = Json.read<StoredCell> json
        let id = CellId.ofIdentity stored.Identity

        if stored.Result.CellId = id && Path.GetFileNameWithoutExtension file = id then
            Found stored
        else
            Corrupt(file, "it holds the result of another cell")

    let private readFile (file: string) =
        if Directory.Exists file then
            Corrupt(file, "it is a folder")
        else
            try
                match Checksum.unseal (File.ReadAllText file) with
                | Ok json -> parse file json
                | Error reason -> Corrupt(file, reason)
            with
            | :? JsonException -> Corrupt(file, "it has another form")
            | :? IOException
            | :? UnauthorizedAccessException -> Corrupt(file, "it cannot be read")

    /// What the folder holds for one cell; no other file is read.
    let readCell folder cellId =
        let file = path folder cellId

        if Path.Exists file then readFile file else NotFound

    /// What tells a stored result from one that replaces it; None where there is no file. Two results of a cell that is done differ
    /// in the seconds that they took.
    let fingerprint folder cellId =
        let file = path folder cellId

        if File.Exists file then
            Some(Sha256.ofText (File.ReadAllText file))
        else
            None

    /// Ids of the cells that have a file, without reading any.
    let ids folder =
        let cells = RunFolder.cells folder

        if Directory.Exists cells then
            Directory.EnumerateFiles(cells, "*.json")
            |> Seq.map (fun file -> string (Path.GetFileNameWithoutExtension file))
            |> Set.ofSeq
        else
            Set.empty

    /// All that the folder holds, each file read once.
    let read folder : StoredCells =
        let cells = RunFolder.cells folder

        if Directory.Exists cells then
            Directory.GetFileSystemEntries(cells, "*.json")
            |> Seq.map (fun file -> string (Path.GetFileNameWithoutExtension file), readFile file)
            |> Map.ofSeq
        else
            Map.empty

    /// Looks a cell up by its id.
    let find (stored: StoredCells) cellId =
        Map.tryFind cellId stored |> Option.defaultValue NotFound

    /// The results that can be believed, in the order of their ids.
    let results (stored: StoredCells) =
        stored.Values
        |> Seq.choose (function
            | Found stored -> Some stored
            | _ -> None)

    /// Renames what is in a cell's place to NAME.corrupt, so that its cell counts as missing.
    let setAside (file: string) =
        let aside = file + ".corrupt"

        if Directory.Exists aside then
            Directory.Delete(aside, recursive = true)

        if Directory.Exists file then
            Directory.Move(file, aside)
        else
            File.Move(file, aside, overwrite = true)

    /// Refuses to go on with a corrupt file, for verbs that only read.
    let refuse (file: string) reason =
        raise (
            InputException
                $"'{file}' is no cell result that can be believed ({reason}): run the command that made it again, which recomputes this cell."
        )
