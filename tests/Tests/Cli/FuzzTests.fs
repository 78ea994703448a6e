module CausalDebiasing.Tests.Cli.FuzzTests

open System
open System.IO
open System.Text.Json
open Expecto
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.SweepFixture
open CausalDebiasing.Tests.Support.TempFolder

/// Whatever is not the user's mistake in one line is a defect; shows the first inputs that reveal one.
let private survives (attempt: string -> unit) inputs =
    let defects = [
        for input in inputs do
            try
                attempt input
            with
            | :? InputException as mistake ->
                if mistake.Message.Contains '\n' then
                    $"more than one line: {mistake.Message}"
            | defect -> $"{defect.GetType().Name} ({defect.Message.Split('\n')[0]}): {input}"
    ]

    if not defects.IsEmpty then
        let first = List.truncate 5 defects |> String.concat "\n"
        failtest $"{defects.Length} of {List.length inputs}:\n{first}"

let private words = [|
    "sweep"
    "reproduce"
    "regress"
    "status"
    "report"
    "help"
    "data"
    "list"
    "--dataset"
    "--seeds"
    "--out"
    "--signal"
    "--jobs"
    "--tune"
    "--profile"
    "--variants"
    "--baselines"
    "--mechanism"
    "--missing-rate"
    "--leave-out"
    "--cell-timeout"
    "--train-size"
    "--force"
    "--"
    "-"
    ""
    " "
    "0"
    "-1"
    "1e400"
    "NaN"
    "infinity"
    "2147483648"
    "plain"
    "logistic"
    "acquisition"
    "hospital-null@site:x"
    "heart-uci@folds:0"
    "heart-uci@folds:99999999999"
    "@"
    "no.json"
    "all"
    "smoke"
    "=1"
    "--out=x"
    "é"
    "\000"
|]

let private commandLine (random: Random) =
    let verbs = [| "sweep"; "reproduce"; "help"; "status"; "report" |]
    let verb = random.GetItems(verbs, 1)[0]
    let rest = List.ofArray (random.GetItems(words, random.Next 7))

    let safe =
        if verb = "sweep" || verb = "reproduce" then
            [ "--dry-run"; "--data-root"; AppContext.BaseDirectory ]
        else
            []

    verb :: rest @ safe

[<Tests>]
let tests =
    testSequenced
    <| testList "fuzz" [
        testCase "damaged manifests are refused or read"
        <| fun () ->
            withFolder (fun folder ->
                Mutations.ofText 1 1500 ToyManifest.json
                |> survives (fun manifest ->
                    let path = ToyManifest.write folder manifest (ToyManifest.text ToyManifest.rows)
                    ToyManifest.load path |> ignore))

        testCase "damaged tables are refused or read"
        <| fun () ->
            withFolder (fun folder ->
                Mutations.ofText 2 1500 (ToyManifest.text ToyManifest.rows)
                |> survives (fun table ->
                    ToyManifest.load (ToyManifest.write folder ToyManifest.json table) |> ignore))

        testCase "damaged results are never believed, even under a checksum that fits"
        <| fun () ->
            withFolder (fun folder ->
                let item = (items 1).Head
                Directory.CreateDirectory(RunFolder.cells folder) |> ignore

                Store.write folder {
                    Identity = item.Identity
                    Result = result item
                }

                let file = Store.path folder item.CellId
                let text = File.ReadAllText file

                Mutations.ofText 3 3000 text
                |> List.filter ((<>) text)
                |> survives (fun damaged ->
                    File.WriteAllText(file, damaged)

                    match Store.find (Store.read folder) item.CellId with
                    | Corrupt _ -> ()
                    | other -> failtest $"{other}")

                match Checksum.unseal text with
                | Error reason -> failtest reason
                | Ok json ->
                    Mutations.ofText 4 1500 json
                    |> List.filter (fun json -> json <> "")
                    |> survives (fun json ->
                        File.WriteAllText(file, Checksum.seal json)
                        Store.read folder |> ignore))

        testCase "damaged cells sent to a worker are malformed JSON at worst"
        <| fun () ->
            Mutations.ofText 5 2000 (Json.write (items 1).Head)
            |> survives (fun text ->
                try
                    Json.read<WorkItem> text |> ignore
                with :? JsonException ->
                    ())

        testCase "no command line is a defect"
        <| fun () ->
            let random = Random 6

            [ for _ in 1..400 -> String.concat "\001" (commandLine random) ]
            |> survives (fun line ->
                let ended = CommandLine.run (List.ofArray (line.Split '\001'))
                let said = String.concat " / " ended.Errors

                if ended.ExitCode > 2 || said.Contains "defect" || said.Contains "   at " then
                    failtest $"exit code {ended.ExitCode}: {said}")
    ]
