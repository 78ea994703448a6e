/// A hand-made miniature of the PhysioNet/CinC Challenge 2012 in the official format.
module CausalDebiasing.Tests.Support.PhysioNet2012Fixture

open System.Formats.Tar
open System.IO
open System.IO.Compression
open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Runtime

/// File name and text of every record, and the text of the outcome file.
type Files = {
    Records: Map<string, string>
    Outcomes: string
}

let private record id icu age rows =
    [
        "Time,Parameter,Value"
        $"00:00,RecordID,{id}"
        $"00:00,Age,{age}"
        "00:00,Gender,1"
        "00:00,Height,-1"
        $"00:00,ICUType,{icu}"
        "00:00,Weight,-1"
    ]
    @ rows
    |> String.concat "\n"
    |> fun text -> $"{id}.txt", text + "\n"

let private vitals = [ "00:07,HR,80"; "01:07,HR,0"; "02:30,HR,100"; "48:00,HR,90" ]

/// Eleven records; 9001 has everything, 9002 an artefact in each of pH and height, 9003 nothing but its statics.
let standard = {
    Records =
        Map [
            record
                9001
                1
                60
                (vitals
                 @ [
                     "03:00,pH,735"
                     "03:00,PaCO2,40"
                     "04:00,BUN,20"
                     "05:00,ALT,30"
                     "06:00,Lactate,2"
                     "07:00,TroponinT,0.1"
                     "08:00,Urine,100"
                     "08:00,MechVent,1"
                     "09:00,MechVent,1"
                     "10:00,Weight,70"
                     "11:00,Weight,75"
                 ])
            record 9002 2 70 (vitals @ [ "03:00,pH,187" ])
            record 9003 3 50 []
            for i in 4..11 do
                record (9000 + i) (1 + i % 4) (40 + i) [ $"0{i % 10}:00,HR,{60 + i}" ]
        ]
    Outcomes =
        [
            "RecordID,SAPS-I,SOFA,Length_of_stay,Survival,In-hospital_death"
            "9001,6,1,5,-1,0"
            "9002,16,8,8,3,1"
            "9003,-1,-1,4,-1,-1"
            for i in 4..11 do
                $"{9000 + i},6,1,5,-1,{i % 2}"
        ]
        |> String.concat "\n"
        |> fun text -> text + "\n"
}

let edit name change (files: Files) = {
    files with
        Records = files.Records |> Map.change name (Option.map change)
}

/// The same stays under record numbers 8001 to 8011.
let renumbered = {
    Records =
        Map [
            for pair in standard.Records -> pair.Key.Replace("90", "80"), pair.Value.Replace(",90", ",80")
        ]
    Outcomes = standard.Outcomes.Replace("\n90", "\n80")
}

let withFolder action =
    let folder = Directory.CreateTempSubdirectory("causaldebias-").FullName

    try
        action folder
    finally
        Directory.Delete(folder, recursive = true)

let dataFolder root =
    Directory.CreateDirectory(Path.Combine(root, "physionet2012")).FullName

let private writeOutcomes letter root (files: Files) =
    File.WriteAllText(Path.Combine(dataFolder root, $"Outcomes-{letter}.txt"), files.Outcomes)

/// Outcome file and the folder set-x/ for the letter x.
let writeSet letter root (files: Files) =
    writeOutcomes letter root files

    let records =
        Directory.CreateDirectory(Path.Combine(dataFolder root, $"set-{letter}")).FullName

    for pair in files.Records do
        File.WriteAllText(Path.Combine(records, pair.Key), pair.Value)

let writeFolder = writeSet "a"

/// Outcome file and set-a.tar.gz.
let writeArchive root (files: Files) =
    writeOutcomes "a" root files
    use file = File.Create(Path.Combine(dataFolder root, "set-a.tar.gz"))
    use gzip = new GZipStream(file, CompressionMode.Compress)
    use tar = new TarWriter(gzip)
    tar.WriteEntry(PaxTarEntry(TarEntryType.Directory, "set-a/"))

    for pair in files.Records |> Seq.sortByDescending _.Key do
        let entry = PaxTarEntry(TarEntryType.RegularFile, "set-a/" + pair.Key)
        entry.DataStream <- new MemoryStream(System.Text.Encoding.UTF8.GetBytes pair.Value)
        tar.WriteEntry entry

/// Reads from the root without a cache.
let accessTo root = {
    Root = Some root
    Cache = None
    Report = ignore
}

let load options root =
    PhysioNet2012.load (accessTo root) options

/// The one line of the InputException that the action must raise, which must hold all the parts.
let expectInputError parts action =
    let message = InputErrors.message action

    for part: string in parts do
        Expect.stringContains message part "names place and remedy"
