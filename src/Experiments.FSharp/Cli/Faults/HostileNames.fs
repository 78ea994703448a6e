/// Names in data that are paths, formulas or markup elsewhere.
module CausalDebiasing.Bench.Cli.Faults.HostileNames

open System
open System.Globalization
open System.IO

let private sites = [ "=1+1"; "+cmd"; "@SUM(A1)"; "<script>alert(1)</script>"; "../../up"; "a|b" ]

let private longSites = [ String('n', 300); "south" ]

let private isNumber (text: string) =
    fst (Double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture))

let private isFormula (cell: string) =
    let text = cell.Trim '"'
    text <> "" && Seq.contains text[0] "=+-@" && not (isNumber text)

let private texts folder (pattern: string) =
    Directory.GetFiles(folder, pattern, SearchOption.AllDirectories)
    |> Seq.map File.ReadAllText

/// What a reader's program would take for more than a text.
let private isHarmless folder =
    Case.first [
        fun () ->
            let cells =
                texts folder "*.csv" |> Seq.collect (fun text -> text.Split([| '\n'; ',' |]))

            cells
            |> Seq.tryFind isFormula
            |> Option.map (fun cell -> $"a spreadsheet would calculate {cell}")
        fun () ->
            let isRaw (text: string) = text.Contains "<script>alert"

            Case.require
                (not (Seq.append (texts folder "*.html") (texts folder "*.md") |> Seq.exists isRaw))
                "a name is markup"
    ]

let private entries folder =
    Directory.GetFileSystemEntries folder |> Array.map string |> Set.ofArray

/// Nothing appears beside the trial's folder, and in it only what is expected.
let private staysInside (folder: string) (expected: string list) attempt =
    let around () =
        entries (string (Path.GetDirectoryName folder))

    let before = around ()
    let problem: string option = attempt ()

    let inside =
        expected |> List.map (fun name -> Path.Combine(folder, name)) |> Set.ofList

    Case.first [
        fun () -> problem
        fun () -> Case.require (around () = before) "something was written beside the folder"
        fun () ->
            Case.require
                (Set.isSubset (entries folder) inside)
                "something was written above the folder that was given"
    ]

let private names = [| "../../x"; "/tmp/x"; ".."; "a/../../x"; String('n', 300); "x\ty"; "" |]

let private nameOfData setting folder =
    let name = (setting.Random.GetItems(names, 1)[0]).Replace("\t", "\\t")

    let manifest =
        SmallGrid.writeAs name [ "north"; "south" ] (Path.Combine(folder, "data"))

    staysInside folder [ "data" ] (fun () ->
        let ended =
            SmallGrid.run setting [ "data"; "card"; manifest; "--out"; Path.Combine(folder, "cards") ]

        Case.require (ended.Code = 2 && ended.Errors.Length = 1) $"'{name}': {Play.describe ended}")

let private namesOfSites sites setting folder =
    let manifest = SmallGrid.writeAs "=2+2<b>" sites (Path.Combine(folder, "data"))
    let path name = Path.Combine(folder, name)

    staysInside folder [ "data"; "cards"; "out" ] (fun () ->
        let card = SmallGrid.run setting [ "data"; "card"; manifest; "--out"; path "cards" ]

        let sweep =
            SmallGrid.run setting (SmallGrid.sweep setting manifest (path "out") @ [ "--leave-out"; "all" ])

        Case.first [
            fun () -> Case.require (card.Code = 0) (Play.describe card)
            fun () -> Case.require (sweep.Code = 0) (Play.describe sweep)
            fun () -> isHarmless (path "cards")
            fun () -> isHarmless (path "out")
        ])

let cases = [
    Case.create "hostile name of a data set" 1 4 nameOfData
    Case.create "hostile names of sites" 0 1 (namesOfSites sites)
    Case.create "site whose name has 300 characters" 0 1 (namesOfSites longSites)
]
