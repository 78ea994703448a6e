namespace CausalDebiasing.Bench.Sweeping

open System.IO
open System.Text.Json
open CausalDebiasing.Runtime

/// A result with the identity it was computed for.
type StoredCell = { Identity: string; Result: CellResult }

/// What is on disk for a cell.
type Lookup =
    | Found of StoredCell
    | NotFound
    /// The file cannot be read as a result: it was cut short or edited.
    | Corrupt of path: string

/// Results on disk, one file per cell, named by the cell's id.
module Store =
    let path folder cellId =
        Path.Combine(RunFolder.cells folder, cellId + ".json")

    /// Stores a result, replacing an earlier one.
    let write folder stored =
        RunFolder.writeWhole (path folder stored.Result.CellId) (Json.write stored)

    let private readFile file =
        try
            let stored = Json.read<StoredCell>(File.ReadAllText file)
            let id = CellId.ofIdentity stored.Identity

            if stored.Result.CellId = id && Path.GetFileNameWithoutExtension file = id then
                Found stored
            else
                Corrupt file
        with :? JsonException ->
            Corrupt file

    /// Looks a cell up by its id.
    let find folder cellId =
        let file = path folder cellId
        if File.Exists file then readFile file else NotFound

    /// All readable results, in the order of their ids.
    let all folder =
        if not (Directory.Exists(RunFolder.cells folder)) then
            []
        else
            Directory.GetFiles(RunFolder.cells folder, "*.json")
            |> Array.sort
            |> Seq.map readFile
            |> Seq.choose (function
                | Found stored -> Some stored
                | _ -> None)
            |> List.ofSeq

    /// Renames a corrupt file to NAME.corrupt, so that its cell counts as missing.
    let setAside (file: string) =
        File.Move(file, file + ".corrupt", overwrite = true)

    /// Refuses to go on with a corrupt file, for verbs that only read.
    let refuse (file: string) =
        raise (
            InputException
                $"'{file}' is not a complete cell result: run the command that made it again, which recomputes this cell."
        )
