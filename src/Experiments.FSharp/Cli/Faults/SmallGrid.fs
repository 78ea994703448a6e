/// The grid that is disturbed: two variants of one fast baseline with two seeds, on a table of 400 rows at three sites.
module CausalDebiasing.Bench.Cli.Faults.SmallGrid

open System
open System.IO
open System.Threading
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running

let private manifest =
    """{ "name": "NAME", "files": [{ "path": "small.csv" }], "outcome": { "column": "death" }, "id": "stay", "site": "site",
  "modalities": { "age": ["age"], "body": ["bmi"], "laboratory": ["lactate"] } }"""

let private rows (sites: string list) =
    let random = Random 1

    [
        for stay in 1..400 do
            let site = sites[stay % sites.Length]
            let died = if random.NextDouble() < 0.4 then 1 else 0
            let age = 40 + random.Next 30 + 5 * died
            let bmi = $"%.1f{22. + 8. * random.NextDouble() + float died}"
            let lactate = $"%.1f{1. + random.NextDouble() + float died}"

            let seen share value =
                if random.NextDouble() < share then value else ""

            $"{stay},{site},{age},{seen 0.7 bmi},{seen 0.6 lactate},{died}"
    ]

/// The table of a manifest.
let table (manifest: string) =
    Path.Combine(string (Path.GetDirectoryName manifest), "small.csv")

/// Writes table and manifest under a name and with sites; gives the manifest's path.
let writeAs (name: string) sites folder =
    Directory.CreateDirectory folder |> ignore
    let path = Path.Combine(folder, "small.json")
    File.WriteAllText(path, manifest.Replace("NAME", name))
    File.WriteAllLines(table path, "stay,site,age,bmi,lactate,death" :: rows sites)
    path

/// Writes table and manifest; gives the manifest's path.
let write folder =
    writeAs "small" [ "north"; "south"; "west" ] folder

/// Changes outcomes in the table, but neither its size nor its time.
let edit (manifest: string) =
    let file = table manifest
    let time = File.GetLastWriteTimeUtc file

    let edited =
        File.ReadAllLines file
        |> Array.mapi (fun i line ->
            if i > 0 && i % 3 = 0 then
                line.Substring(0, line.Length - 1) + (if line.EndsWith '1' then "0" else "1")
            else
                line)

    File.WriteAllLines(file, edited)
    File.SetLastWriteTimeUtc(file, time)

/// The variant that is compared with plain.
let reweighted = Variant.preset "label-balance"

/// The command that runs the grid on a manifest into a folder.
let sweep (setting: Setting) (manifest: string) (out: string) = [
    "sweep"
    "--dataset"
    manifest
    "--baselines"
    "logistic"
    "--variants"
    Variant.name Variant.plain
    Variant.name reweighted
    "--seeds"
    "1"
    "2"
    "--jobs"
    string setting.Jobs
    "--out"
    out
]

/// Variables of the environment that keep a trial apart from its user's caches.
let environment setting = [ "XDG_CACHE_HOME", Path.Combine(setting.Scratch, "cache") ]

/// Starts this program.
let start setting arguments =
    let program, arguments = Play.self arguments
    Play.start (environment setting) program arguments

/// Runs this program to its end.
let run setting arguments =
    (start setting arguments).Wait Play.patience

/// What a folder holds of a cell, but for the seconds that it took.
type Kept = {
    Cell: string
    Content: string
    Status: Status
    Numbers: string
}

/// All results that a folder holds.
let kept folder =
    Store.results (Store.read folder)
    |> Seq.map (fun stored ->
        let result = stored.Result

        {
            Cell = $"{result.Cell.Baseline} {result.Cell.Variant} {result.Cell.Data.Seed}"
            Content = CellId.content stored.Identity
            Status = result.Status
            Numbers = Json.write (result.TrainRows, result.Measures, result.Diagnostics)
        })
    |> Set.ofSeq

/// The results that a folder holds and that count.
let finished folder =
    kept folder |> Set.filter (fun cell -> cell.Status = Done)

/// Whether a folder holds the results of the undisturbed run.
let isAsUndisturbed setting folder =
    Case.require
        (finished folder = kept setting.Finished)
        "the results are others than those of the undisturbed run"

let private files folder =
    let cells = RunFolder.cells folder

    if Directory.Exists cells then
        [
            for file in Directory.GetFiles(cells, "*.json") |> Array.sort ->
                file, File.GetLastWriteTimeUtc file
        ]
    else
        []

/// Runs the same command again; what is finished must stay and all must be as in the undisturbed run.
let goesOnWith more setting folder =
    let before = files folder
    let ended = run setting (sweep setting setting.Manifest folder @ more)
    let after = Set.ofList (files folder)
    let report = Path.Combine(folder, "report.html")

    Case.first [
        fun () -> Case.require (ended.Code = 0) $"run again: {Play.describe ended}"
        fun () -> isAsUndisturbed setting folder
        fun () ->
            Case.require
                (not more.IsEmpty || Set.isSubset (Set.ofList before) after)
                "a finished cell was computed again"
        fun () ->
            Case.require (File.ReadAllText(report).TrimEnd().EndsWith "</html>") "the report is not whole"
    ]

/// As `goesOnWith`, with the same options.
let goesOn setting folder = goesOnWith [] setting folder

/// Waits until a run has taken its folder, and some of the time that a run takes.
let waitAtRandom setting (running: Play.Running) folder =
    Play.await running (fun () -> if File.Exists(RunFolder.plan folder) then Some() else None)
    |> ignore

    Thread.Sleep(setting.Random.Next(int (1000. * setting.Seconds)))

/// Copies a folder with all that is in it.
let copy (source: string) (target: string) =
    for file in Directory.GetFiles(source, "*", SearchOption.AllDirectories) do
        let copy = Path.Combine(target, Path.GetRelativePath(source, file))
        Directory.CreateDirectory(string (Path.GetDirectoryName copy)) |> ignore
        File.Copy(file, copy)
