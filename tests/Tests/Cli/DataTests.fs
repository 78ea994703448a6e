module CausalDebiasing.Tests.Cli.DataTests

open System.IO
open Expecto
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.ToyManifest

let private withManifest action =
    TempFolder.withFolder (fun folder -> action folder (write folder json (text rows)))

let private succeeds (arguments: string list) =
    let ended = CommandLine.run arguments
    Expect.equal (ended.ExitCode, ended.Errors) (0, []) $"{arguments}"
    ended.Output

let private refuses (part: string) (arguments: string list) =
    let ended = CommandLine.run arguments
    Expect.equal ended.ExitCode 2 "exit code"
    Expect.equal ended.Errors.Length 1 "one line"
    Expect.stringContains ended.Errors.Head part "what is wrong"

[<Tests>]
let tests =
    testSequenced
    <| testList "data command" [
        testCase "check prints the card and says what is wrong"
        <| fun () ->
            withManifest (fun folder manifest ->
                let output = succeeds [ "data"; "check"; manifest ]

                for part in [ "40 rows read"; "20 patients"; "demographics"; "training"; "AUROC" ] do
                    Expect.stringContains output part "card"

                Expect.stringContains output "is fine" "nothing leaks"
                File.WriteAllText(manifest, json.Replace("[\"age\"]", "[\"age\", \"year\"]"))

                let leaking = [
                    rows.Head
                    for i, row in List.indexed rows.Tail do
                        row.Substring(0, row.LastIndexOf ',' + 1) + (if i / 2 % 2 = 1 then "9" else "1")
                ]

                File.WriteAllText(Path.Combine(folder, "toy.csv"), text leaking)
                let warned = succeeds [ "data"; "check"; manifest ]

                Expect.stringContains
                    warned
                    "a number of modality 'demographics' tells the outcome almost perfectly (AUROC 1.000)"
                    "leak"

                Expect.isFalse (warned.Contains "is fine") "not fine"

                let told = [
                    rows.Head
                    for i, row in List.indexed rows.Tail do
                        let cells = row.Split ','
                        cells[4] <- (if i / 2 % 2 = 1 then "-1" else "20")
                        cells[5] <- (if i / 2 % 2 = 1 then "?" else "1")
                        String.concat "," cells
                ]

                File.WriteAllText(manifest, json)
                File.WriteAllText(Path.Combine(folder, "toy.csv"), text told)
                let present = succeeds [ "data"; "check"; manifest ]
                Expect.stringContains present "whether modality 'body' is there" "presence"
                File.WriteAllText(Path.Combine(folder, "toy.csv"), text [ rows.Head ])
                refuses "no row" [ "data"; "check"; manifest ])

        testCase "card saves what it prints"
        <| fun () ->
            withManifest (fun folder manifest ->
                succeeds [ "data"; "card"; manifest; "--out"; folder ] |> ignore
                let saved = File.ReadAllText(Path.Combine(folder, "toy.json"))
                Expect.stringContains saved "\"MissingRate\":0.25" "aggregate"

                Expect.stringContains
                    (File.ReadAllText(Path.Combine(folder, "toy.croissant.json")))
                    "\"modalities/missing\": 0.25"
                    "beside it"

                refuses "'heart-uci'" [ "data"; "card"; "heart-ucl"; "--out"; folder ])

        testCase "a manifest's name is no path, and every file of it has one"
        <| fun () ->
            withManifest (fun folder manifest ->
                let refusesWith part (edited: string) =
                    File.WriteAllText(manifest, edited)
                    refuses part [ "data"; "card"; manifest; "--out"; Path.Combine(folder, "a", "b") ]

                refusesWith "'name'" (json.Replace("\"toy\"", "\"../../x\""))
                refusesWith "'name'" (json.Replace("\"toy\"", "\"\""))
                refusesWith "'name'" (json.Replace("\"toy\"", $"\"{System.String('x', 300)}\""))
                refusesWith "'path'" (json.Replace("\"path\": \"toy.csv\"", "\"site\": \"a\""))
                Expect.isEmpty (Directory.GetFiles(folder, "x*")) "nothing was written")

        testCase "init writes a manifest that check takes, and overwrites nothing"
        <| fun () ->
            withManifest (fun folder _ ->
                let draft = Path.Combine(folder, "draft.json")
                let table = Path.Combine(folder, "toy.csv")
                let output = succeeds [ "data"; "init"; table; "--out"; draft ]
                Expect.stringContains output "'death'" "says what was guessed"
                succeeds [ "data"; "check"; draft ] |> ignore

                let elsewhere = Path.Combine(folder, "elsewhere")

                let other = Path.Combine(elsewhere, "other.json")

                succeeds [ "data"; "init"; table; "--out"; other; "--outcome"; "death" ]
                |> ignore

                succeeds [ "data"; "check"; other ] |> ignore

                refuses "no column 'dead'" [
                    "data"
                    "init"
                    table
                    "--out"
                    folder + "/x.json"
                    "--outcome"
                    "dead"
                ]

                refuses "exists" [ "data"; "init"; table; "--out"; draft ]
                Expect.equal (Directory.GetFiles elsewhere) [| other |] "the manifest alone")

        testCase "list is a table that fits a screen"
        <| fun () ->
            let lines = (succeeds [ "data"; "list" ]).Split '\n'
            Expect.isLessThan lines.Length 40 "lines"
            Expect.all lines (fun line -> line.Length <= 120) "width"
            Expect.exists lines (fun line -> line.Contains "mimic-iv-demo-muse-readmission") "names are whole"

        testCase "a table in place of a manifest, and numbers in another language, are refused"
        <| fun () ->
            withManifest (fun folder manifest ->
                let table = Path.Combine(folder, "toy.csv")
                refuses "data init" [ "data"; "check"; table ]
                refuses "data init" [ "sweep"; "--dry-run"; "--dataset"; table ]

                for option in [ "--signal"; "--mechanism-strength"; "--missing-rate"; "--confounding" ] do
                    refuses "no number" [ "sweep"; "--dry-run"; "--dataset"; manifest; option; "0,5" ])

        testCase "numbers of few events carry a caveat in console, report and cells"
        <| fun () ->
            withManifest (fun folder manifest ->
                File.WriteAllText(manifest, json.Replace("\"id\":", "\"split\": \"part\", \"id\":"))
                let out = Path.Combine(folder, "out")

                let options = [
                    "--baselines"
                    "logistic"
                    "--variants"
                    "plain"
                    "--seeds"
                    "1"
                    "--jobs"
                    "1"
                ]

                let output = succeeds ([ "sweep"; "--dataset"; manifest; "--out"; out ] @ options)
                let few = "fewer than 10 events"
                Expect.stringContains output few "console"
                Expect.stringContains (File.ReadAllText(Path.Combine(out, "report.html"))) few "report"
                Expect.stringContains (File.ReadAllText(Path.Combine(out, "cells.csv"))) few "cells")

        testCase "a sweep injects into recorded data only what was asked for"
        <| fun () ->
            withManifest (fun _ manifest ->
                let planned rest =
                    succeeds (
                        [ "sweep"; "--dry-run"; "--seeds"; "1"; "--dataset"; manifest; "acquisition" ]
                        @ [ "--variants"; "plain"; "ceiling" ]
                        @ rest
                    )

                let both = "rate=0.3 mechanism=acquisition:0.5 confounding=0.7"

                for rest, injected, cells in
                    [
                        [], "rate=- mechanism=natural:0 confounding=0", 3
                        [ "--confounding"; "0.7" ], "rate=- mechanism=natural:0 confounding=0.7", 4
                        [ "--missing-rate"; "0.3" ], "rate=0.3 mechanism=mcar:0 confounding=0", 4
                    ] do
                    let output = planned rest
                    Expect.stringContains output both "the world's own values"
                    Expect.stringContains output $"{injected} signal=1" "recorded data"

                    Expect.stringContains
                        output
                        $"{cells} distinct cells"
                        "a ceiling where something is injected"

                Expect.stringContains
                    (succeeds [
                        "sweep"
                        "--dry-run"
                        "--dataset"
                        manifest
                        "--mechanism"
                        "outcome-linked"
                    ])
                    "rate=0.3 mechanism=outcome-linked:0.5 confounding=0"
                    "a mechanism alone"

                refuses "'mar'" [ "sweep"; "--dry-run"; "--dataset"; manifest; "--mechanism"; "mar" ])

        testCase "sweep and reproduce take a manifest and leave sites out"
        <| fun () ->
            withManifest (fun folder manifest ->
                let dryRun verb rest =
                    succeeds ([ verb; "--dataset"; manifest; "--dry-run" ] @ rest)

                Expect.stringContains (dryRun "sweep" [ "--seeds"; "1" ]) "2 distinct cells" "sweep"

                let reproduced = dryRun "reproduce" [ "--profile"; "smoke" ]

                Expect.stringContains
                    reproduced
                    $"{manifest} logistic recommended"
                    "the profile's baselines and variants"

                Expect.isFalse (reproduced.Contains "acquisition") "nothing else"

                let leftOut =
                    dryRun "sweep" [ "--seeds"; "1"; "--variants"; "plain"; "--leave-out"; "all" ]

                Expect.stringContains leftOut "2 distinct cells" "one cell per site"
                Expect.stringContains leftOut $"{manifest}@site:b" "named"

                let few = [
                    rows.Head
                    for i, row in List.indexed rows.Tail do
                        if i < 6 then row.Replace(",a,", ",c,") else row
                ]

                File.WriteAllText(Path.Combine(folder, "toy.csv"), text few)

                let large =
                    dryRun "sweep" [ "--seeds"; "1"; "--variants"; "plain"; "--leave-out"; "all" ]

                Expect.stringContains large "1 distinct cell," "sites that tell something"
                Expect.stringContains large "not tested on c, a" "says which do not"

                dryRun "sweep" [ "--seeds"; "1"; "--variants"; "plain"; "--leave-out"; "c" ]
                |> ignore

                File.WriteAllText(Path.Combine(folder, "toy.csv"), text rows)
                refuses "did you mean" [ "sweep"; "--dataset"; manifest; "--leave-out"; "aa" ]
                refuses "'acquisition'" [ "sweep"; "--leave-out"; "all" ]

                File.WriteAllText(manifest, json.Replace("\"id\":", "\"split\": \"part\", \"id\":"))
                let out = Path.Combine(folder, "out")

                succeeds [
                    "sweep"
                    "--dataset"
                    manifest
                    "--leave-out"
                    "a"
                    "--baselines"
                    "logistic"
                    "--variants"
                    "plain"
                    "--seeds"
                    "1"
                    "--jobs"
                    "1"
                    "--out"
                    out
                ]
                |> ignore

                let figures = Directory.GetFileSystemEntries(Path.Combine(out, "figures"))
                Expect.isNonEmpty figures "figures"

                for figure in figures do
                    Expect.isTrue (File.Exists figure) "the manifest's path makes no folders"
                    Expect.isFalse (figure.Contains ':') "every system takes the name"

                let cell = Directory.GetFiles(Path.Combine(out, "cells")) |> Array.exactlyOne
                Expect.stringContains (File.ReadAllText cell) "\"site:a\"" "condition"
                Expect.stringContains (succeeds [ "status"; "--out"; out ]) "Done: 1" "status")
    ]
