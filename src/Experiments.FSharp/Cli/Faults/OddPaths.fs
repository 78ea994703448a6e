/// Folders with names that shells, addresses and patterns of names read in their own way.
module CausalDebiasing.Bench.Cli.Faults.OddPaths

open System.IO
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Datasets

let private names = [|
    "a b"
    "it's"
    "say \"it\""
    "[ab]*?"
    "{a,b}"
    "a%20b"
    "$HOME"
    "#1"
    "a;b&c"
    "-x"
    "~"
    "ärzte"
    "患者"
    "back\\slash"
    "comma,colon:"
|]

let private pick setting = setting.Random.GetItems(names, 1)[0]

/// A table is the same wherever it lies, in every format.
let private tables setting folder =
    let read (convert: string -> string) parent =
        let place = Path.Combine(folder, parent)
        Directory.CreateDirectory place |> ignore
        let manifest = SampleFiles.manifest place (convert (SampleFiles.table place))

        let loaded =
            (ManifestDataset.ofFile manifest).Load {
                Root = None
                Cache = None
                Report = ignore
            }

        let cohort = loaded.Cohort
        [ for m in 0 .. cohort.Modalities.Count - 1 -> cohort.Values(m).ToArray() ]

    let convert =
        setting.Random.GetItems([| id; SampleFiles.compressed; SampleFiles.parquet |], 1)[0]

    let name = pick setting
    // Bits, since absent values are NaN.
    let bits = List.map (Array.map System.BitConverter.SingleToInt32Bits)
    Case.require (bits (read convert name) = bits (read id "plain")) $"'{name}': other values are read"

let private run setting folder =
    let name = pick setting
    let place = Path.Combine(folder, name)
    let manifest = SmallGrid.write (Path.Combine(place, "data"))
    let out = Path.Combine(place, "out")
    let ended = SmallGrid.run setting (SmallGrid.sweep setting manifest out)
    let again = SmallGrid.run setting [ "report"; "--out"; out ]

    Case.first [
        fun () -> Case.require (ended.Code = Exit.Success) $"'{name}': {Play.describe ended}"
        fun () -> Case.require (again.Code = Exit.Success) $"'{name}', report: {Play.describe again}"
        fun () ->
            let numbers = Set.map (fun (cell: SmallGrid.Kept) -> cell.Cell, cell.Numbers)

            Case.require
                (numbers (SmallGrid.finished out) = numbers (SmallGrid.kept setting.Finished))
                $"'{name}': other numbers"
    ]

let cases = [
    Case.create "table in a folder of an odd name" 30 300 tables
    Case.create "run in a folder of an odd name" 1 5 run
]
