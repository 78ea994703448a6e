/// Files of a run that are damaged or edited.
module CausalDebiasing.Bench.Cli.Faults.DamagedFiles

open System
open System.IO
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running

let private flip (random: Random) (file: string) =
    File.WriteAllBytes(file, Mutation.flipBit random (File.ReadAllBytes file))

let private cellFiles folder =
    Directory.GetFiles(RunFolder.cells folder, "*.json") |> Array.sort

let private oneCell setting folder =
    let file = setting.Random.GetItems(cellFiles setting.Finished, 1)[0]
    Directory.CreateDirectory(RunFolder.cells folder) |> ignore
    let copy = Path.Combine(RunFolder.cells folder, string (Path.GetFileName file))
    File.Copy(file, copy)
    copy

/// Nothing in the folder may be believed.
let private isFound folder =
    Case.require (Seq.isEmpty (Store.results (Store.read folder))) "a damaged result is believed"

let private flippedCell setting folder =
    flip setting.Random (oneCell setting folder)
    isFound folder

let private digitEdited (random: Random) (text: string) =
    let digits = [|
        for i in 0 .. text.Length - 1 do
            if Char.IsAsciiDigit text[i] then
                i
    |]

    let at = random.GetItems(digits, 1)[0]
    let other = (int text[at] - int '0' + 1 + random.Next 9) % 10
    text.Remove(at, 1).Insert(at, string other)

let private lineCut (text: string) (name: string) =
    let start = text.IndexOf($"\"{name}\":", StringComparison.Ordinal)
    text.Remove(start, text.IndexOf(',', start) - start + 1)

let private editedCell setting folder =
    let file = oneCell setting folder
    let text = File.ReadAllText file

    let edited =
        match setting.Random.Next 6 with
        | 0 -> text.Replace("\"Done\"", "\"Failed\"")
        | 1 -> text.Replace("\"Auroc\":0", "\"Auroc\":1")
        | 2 -> lineCut text "Brier"
        | 3 -> text.Substring(0, setting.Random.Next text.Length)
        | 4 -> text + " "
        | _ -> digitEdited setting.Random text

    File.WriteAllText(file, edited)
    isFound folder

let private oracle (damage: Random -> string -> unit) setting folder =
    let key, value = "key", setting.Random.NextDouble()
    OracleFile.write folder key value
    damage setting.Random (OracleFile.path folder key)

    Case.first [
        fun () -> Case.require (OracleFile.tryRead folder key).IsNone "a damaged number is believed"
        fun () -> Case.require (OracleFile.damaged folder <> []) "it is not told"
    ]

let private editFile random (file: string) =
    File.WriteAllText(file, digitEdited random (File.ReadAllText file))

/// A verb that only reads says in one line which file is damaged, and a run mends it.
let private mended (name: string) damage setting folder =
    SmallGrid.copy setting.Finished folder
    damage folder
    let report = SmallGrid.run setting [ "report"; "--out"; folder ]

    Case.first [
        fun () ->
            Case.require
                (report.Code = 2 && report.Errors.Length = 1 && report.Errors.Head.Contains name)
                $"report: {Play.describe report}"
        fun () -> SmallGrid.goesOnWith [ "--failed" ] setting folder
    ]

let private damagedEnvironment setting folder =
    let damage folder =
        let file = Path.Combine(folder, "environment.json")
        let text = File.ReadAllText file
        let texts = [| "["; ""; "null"; "[1]"; text.Substring(0, text.Length / 2) |]
        File.WriteAllText(file, setting.Random.GetItems(texts, 1)[0])

    mended "environment.json" damage setting folder

let private folderAsCell setting folder =
    let damage folder =
        let file = setting.Random.GetItems(cellFiles folder, 1)[0]
        File.Delete file
        Directory.CreateDirectory(Path.Combine(file, "inner")) |> ignore

    mended ".json" damage setting folder

let private allFlipped setting folder =
    mended ".json" (cellFiles >> Array.iter (flip setting.Random)) setting folder

/// Predictions for recorded patients lie in the cache, so that a trial needs one of its own: others would mend it, or meet what
/// is damaged there.
let private flippedPredictions setting folder =
    let scratch = Path.GetFullPath(Path.Combine(folder, "..", "own"))
    let finished = Path.Combine(scratch, "finished")

    let own = {
        setting with
            Scratch = scratch
            Finished = finished
    }

    let ended = SmallGrid.run own (SmallGrid.sweep own own.Manifest finished)

    let damage _ =
        Directory.GetFiles(Path.Combine(scratch, "cache"), "*.parquet", SearchOption.AllDirectories)
        |> Array.iter (flip setting.Random)

    Case.first [
        fun () -> Case.require (ended.Code = 0) $"before: {Play.describe ended}"
        fun () -> mended ".parquet" damage own folder
    ]

let cases = [
    Case.create "bit flipped in a stored cell" 500 5000 flippedCell
    Case.create "stored cell edited" 200 2000 editedCell
    Case.create "bit flipped in a stored oracle" 200 2000 (oracle flip)
    Case.create "stored oracle edited" 200 2000 (oracle editFile)
    Case.create "all stored cells damaged" 1 1 allFlipped
    Case.create "all kept predictions damaged" 1 2 flippedPredictions
    Case.create "environment.json damaged" 1 2 damagedEnvironment
    Case.create "folder in a cell's place" 0 1 folderAsCell
]
