module CausalDebiasing.Tests.Cli.ExchangeTests

open System.IO
open Expecto
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.TempFolder

let private succeeds (arguments: string list) =
    let ended = CommandLine.run arguments
    Expect.equal ended.ExitCode 0 $"{arguments}: {ended.Errors}"
    ended.Output

let private refuses (part: string) (arguments: string list) =
    let ended = CommandLine.run arguments
    Expect.equal ended.ExitCode 2 $"exit code of {arguments}"

    match ended.Errors with
    | [ line ] -> Expect.stringContains line part "what is wrong"
    | lines -> failtest $"{lines}"

let private condition seed = [ "--world"; "world-b"; "--train-size"; "400"; "--seeds"; string seed ]

let private export folder seed =
    [ "export"; "--format"; "csv"; "--variants"; "plain"; "--out"; folder ]
    @ condition seed
    |> succeeds

let private score studies predictions out = [
    "score"
    "--studies"
    studies
    "--predictions"
    predictions
    "--baseline"
    "my-model"
    "--out"
    out
]

/// Gives the results of a baseline in a run another version.
let private restamp run baseline version =
    for stored in Store.results (Store.read run) |> List.ofSeq do
        if stored.Result.Cell.Baseline = baseline then
            let own = CellId.baselineVersion stored.Identity

            let identity =
                stored.Identity.Replace(
                    $"\"baselineVersion\":\"{own}\"",
                    $"\"baselineVersion\":\"{version}\""
                )

            File.Delete(Store.path run stored.Result.CellId)

            Store.write run {
                Identity = identity
                Result = {
                    stored.Result with
                        CellId = CellId.ofIdentity identity
                }
            }

/// Lines with one probability for every row that is asked for.
let private predictions studies =
    "row,probability"
    :: [
        for file in Directory.GetFiles(studies, "*.csv", SearchOption.AllDirectories) |> Array.sort do
            if not ((string (Path.GetFileName file)).StartsWith "train") then
                for i, line in File.ReadLines file |> Seq.tail |> Seq.indexed do
                    let key = line.Split(',')[0]
                    $"{key},{0.1 + float (i % 7) / 10.}"
    ]

let private withExport action =
    withFolder (fun folder ->
        let studies = Path.Combine(folder, "studies")
        export studies 1 |> ignore
        action folder studies (predictions studies))

let private cells run =
    File.ReadAllText(Path.Combine(run, "cells.csv"))

[<Tests>]
let tests =
    testSequenced
    <| testList "exchange commands" [
        testCase "predictions are scored beside own baselines, and a later sweep keeps them"
        <| fun () ->
            withExport (fun folder studies lines ->
                let run, file = Path.Combine(folder, "run"), Path.Combine(folder, "p.csv")
                File.WriteAllLines(file, lines)

                let sweep extra =
                    [ "sweep"; "--baselines"; "logistic"; "--variants"; "plain"; "--out"; run ]
                    @ condition 1
                    @ extra
                    |> succeeds
                    |> ignore

                sweep []
                succeeds (score studies file run) |> ignore
                Expect.stringContains (cells run) "sweep,world-b,my-model,plain" "scored"
                Expect.stringContains (cells run) "sweep,world-b,logistic,plain" "own"
                sweep [ "--force" ]
                Expect.stringContains (cells run) "my-model" "kept"
                let status = succeeds [ "status"; "--out"; run ]
                Expect.stringContains status "2 cells planned" "status"
                Expect.isFalse (status.Contains "To compute") "nothing is left"
                succeeds [ "report"; "--out"; run ] |> ignore
                Expect.stringContains (cells run) "my-model" "reported")

        testCase "predictions that are not those of the rows are refused, and nothing is stored"
        <| fun () ->
            withExport (fun folder studies lines ->
                let run, file = Path.Combine(folder, "run"), Path.Combine(folder, "p.csv")

                let refusesWith part (edited: string list) =
                    File.WriteAllLines(file, edited)
                    refuses part (score studies file run)

                let key = lines[1].Split(',')[0]
                refusesWith "1 of" (List.removeAt 1 lines)
                refusesWith "there twice" (lines @ [ lines[1] ])
                refusesWith "no number from 0 to 1" (lines @ [ $"{key}x,1.5" ])
                refusesWith "no number from 0 to 1" (lines @ [ $"{key}x,NaN" ])
                refusesWith "no number from 0 to 1" (lines @ [ $"{key}x," ])
                refusesWith "is none of the" (lines @ [ $"{key}999999,0.5" ])
                refusesWith "a study that is not in" (lines @ [ "someone,0.5" ])
                refusesWith "'probability'" [ "row,p"; $"{key},0.5" ]
                refusesWith "hold no row" [ lines.Head ]
                Expect.isEmpty (Store.read run) "cells"

                File.WriteAllLines(file, lines)

                refuses
                    "no name"
                    (score studies file run |> List.map (fun a -> if a = "my-model" then "My" else a))

                refuses
                    "is a baseline of the suite"
                    (score studies file run
                     |> List.map (fun a -> if a = "my-model" then "logistic" else a))

                refuses "no exported study" (score folder file run)

                let described =
                    Directory.GetFiles(studies, "study.json", SearchOption.AllDirectories)[0]

                let text = File.ReadAllText described
                File.WriteAllText(described, text.Replace("\"seed\": 1", "\"seed\": 2"))
                refuses "is not what this build makes" (score studies file run)
                File.WriteAllText(described, "{}")
                refuses "no description" (score studies file run))

        testCase "a network's own variants, formats and folders that are none are refused"
        <| fun () ->
            withFolder (fun folder ->
                let export extra = [ "export"; "--out"; folder ] @ extra
                refuses "'paper' needs a network" (export [ "--variants"; "paper" ])
                refuses "--format" (export [ "--format"; "xlsx" ])
                refuses "--out" [ "export" ])

        testCase "recorded data are said to hold patients, those of a world not"
        <| fun () ->
            withFolder (fun folder ->
                Expect.isFalse ((export folder 1).Contains "patients") "a world"

                let manifest =
                    ToyManifest.write folder ToyManifest.json (ToyManifest.text ToyManifest.rows)

                let out = Path.Combine(folder, "recorded")

                let said =
                    succeeds [
                        "export"
                        "--dataset"
                        manifest
                        "--variants"
                        "plain"
                        "--seeds"
                        "1"
                        "--out"
                        out
                    ]

                Expect.stringContains said "values and training outcomes of the patients" "said"
                Expect.stringContains said (Path.GetFullPath out) "where"

                let described =
                    Directory.GetFiles(out, "study.json", SearchOption.AllDirectories)[0]

                Expect.stringContains (File.ReadAllText described) "\"holds_patients\": true" "described")

        testCase
            "results of a command that is described elsewhere count, and stale ones are said to be left out"
        <| fun () ->
            withExport (fun folder studies lines ->
                let path name = Path.Combine(folder, name)
                File.WriteAllLines(path "p.csv", lines)
                let run = path "run"

                [ "sweep"; "--baselines"; "logistic"; "--variants"; "plain"; "--out"; run ]
                @ condition 1
                |> succeeds
                |> ignore

                succeeds (score studies (path "p.csv") run) |> ignore
                restamp run "my-model" "ab12"
                let reported = CommandLine.run [ "report"; "--out"; run ]
                Expect.equal (reported.ExitCode, reported.Errors) (0, []) "nothing is left out"
                Expect.stringContains (cells run) "my-model" "counts"
                let status = succeeds [ "status"; "--out"; run ]
                Expect.isFalse (status.Contains "To compute") "nothing is left"

                restamp run "logistic" "ab12"

                for arguments in [ [ "report"; "--out"; run ]; [ "merge"; run; "--out"; path "all" ] ] do
                    let ended = CommandLine.run arguments
                    Expect.equal ended.ExitCode 0 $"{arguments}"

                    match ended.Errors with
                    | [ line ] ->
                        Expect.stringContains line "1 stored cells are left out" "how many"
                        Expect.stringContains line "baselineVersion \"ab12\" -> " "why"
                    | lines -> failtest $"{lines}"

                Expect.stringContains (cells (path "all")) "my-model" "merged")

        testCase "what needs data that are not here is refused before anything is written"
        <| fun () ->
            withExport (fun folder studies lines ->
                let path name = Path.Combine(folder, name)

                let manifest =
                    ToyManifest.write folder ToyManifest.json (ToyManifest.text ToyManifest.rows)

                let run = path "run"

                [
                    "sweep"
                    "--dataset"
                    manifest
                    "--baselines"
                    "logistic"
                    "--variants"
                    "plain"
                ]
                @ [ "--seeds"; "1"; "--out"; run ]
                |> succeeds
                |> ignore

                File.Delete(path "toy.csv")
                refuses "toy" [ "merge"; run; "--out"; path "new" ]
                Expect.isFalse (Directory.Exists(path "new")) "nothing is written"

                let described =
                    Directory.GetFiles(studies, "study.json", SearchOption.AllDirectories)[0]

                let text = File.ReadAllText described
                File.WriteAllText(described, text.Replace("\"world-b\"", "\"gone.csv\""))
                File.WriteAllLines(path "p.csv", lines)
                refuses "no data set 'gone.csv' here" (score studies (path "p.csv") (path "new")))

        testCase "runs are merged where the same cell has the same result, and refused where not"
        <| fun () ->
            withExport (fun folder studies lines ->
                let path name = Path.Combine(folder, name)
                let file = path "p.csv"
                File.WriteAllLines(file, lines)
                succeeds (score studies file (path "a")) |> ignore
                succeeds (score studies file (path "b")) |> ignore
                let other = path "other"
                export other 2 |> ignore
                File.WriteAllLines(path "q.csv", predictions other)
                succeeds (score other (path "q.csv") (path "c")) |> ignore

                let merge runs out =
                    "merge" :: List.map path runs @ [ "--out"; path out ]

                let said = succeeds (merge [ "a"; "b"; "c" ] "all")
                Expect.stringContains said "2 cells of 3 runs" "cells"
                Expect.equal (Store.read (path "all")).Count 2 "stored"
                refuses "holds a run already" (merge [ "a"; "b" ] "all")
                refuses "holds no run" (merge [ "a"; "nowhere" ] "new")

                File.WriteAllLines(file, lines |> List.map (fun line -> line.Replace(",0.4", ",0.9")))
                succeeds (score studies file (path "b")) |> ignore
                refuses "have different results of cell" (merge [ "a"; "b" ] "new")
                Expect.isFalse (Directory.Exists(path "new")) "nothing is written")
    ]
