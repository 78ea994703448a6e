module CausalDebiasing.Tests.Exchange.ExternalBaselineTests

open System
open System.IO
open Expecto
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Exchange
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Exchange.ExchangeStudyTests
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.TempFolder

/// A description whose program is a shell script with this text.
let private describe folder (script: string) (rest: string) =
    File.WriteAllText(Path.Combine(folder, "model.sh"), script)
    let file = Path.Combine(folder, "my-model.json")
    File.WriteAllText(file, $$"""{ "command": ["sh", "model.sh"], "format": "csv"{{rest}} }""")
    file

/// The same probability for every row but the first of each file.
let private constant =
    "echo row,probability > predictions.csv\n"
    + "for file in validation.csv test-*.csv pattern-check-*.csv; do\n"
    + "  if [ -f $file ]; then awk -F, 'NR > 1 { print $1 \",\" (NR == 2 ? 0.9 : 0.25) }' $file >> predictions.csv; fi\n"
    + "done\n"

let private run folder variant (baseline: ExternalBaseline) =
    let content, whole = study.Value
    let item = item variant

    let place = {
        Folder = Path.Combine(folder, "rows-of-cell")
        Log = Path.Combine(folder, "said", "cell.log")
    }

    let predictor = new ExternalPredictor(baseline, content, item.Cell, whole, place)

    RunCell(laboratory folder predictor).Run item, place.Log

let private requireShell () =
    if OperatingSystem.IsWindows() then
        skiptest "There is no sh."

let private fails (part: string) script rest =
    requireShell ()

    withFolder (fun folder ->
        let result, _ =
            run folder Variant.plain (ExternalBaseline.read (describe folder script rest))

        Expect.equal result.Status Failed "status"
        Expect.stringContains result.Error part "what is wrong"
        Expect.isFalse (result.Error.Contains '\n') "one line"
        Expect.isFalse (result.Error.Contains "rows-of-cell") "no path that leads nowhere")

[<Tests>]
let tests =
    testSequenced
    <| testList "external baseline" [
        for variant in [ Variant.plain; Variant.recommended ] do
            testCase $"a command is a cell, {variant}"
            <| fun () ->
                requireShell ()

                withFolder (fun folder ->
                    let script = "echo said; pwd; echo $OMP_NUM_THREADS\n" + constant

                    let result, log =
                        describe folder script ", \"threads\": 3"
                        |> ExternalBaseline.read
                        |> run folder variant

                    Expect.equal (result.Status, result.Error) (Done, "") "status"
                    Expect.equal result.Measures.Length 3 "tests"
                    Expect.isGreaterThan result.FitSeconds 0. "time"
                    let said = File.ReadAllLines log
                    Expect.equal said[0] "said" "its output is kept"
                    Expect.equal said[2] "3" "threads"
                    Expect.equal (string (Path.GetFileName said[1])) "rows-of-cell" "where it works"
                    Expect.isFalse (Directory.Exists said[1]) "its folder is gone")

        testCase "a command that fails, writes nothing or what nobody asked for is a failed cell"
        <| fun () ->
            fails "exit code 3" "exit 3" ""
            fails "wrote no predictions.csv" "true" ""

            fails
                "predicted no row"
                "echo row,probability > predictions.csv; echo x,0.5 >> predictions.csv"
                ""

            fails "no number from 0 to 1" (constant.Replace("0.25", "1.25")) ""
            fails "have none" (constant.Replace("NR > 1", "NR > 2")) ""
            fails "cell.log" "echo row,p > predictions.csv; echo x,0.5 >> predictions.csv" ""
            fails "'probability'" "echo row,p > predictions.csv; echo x,0.5 >> predictions.csv" ""

        testCase "a command that takes too long is ended"
        <| fun () ->
            let clock = Diagnostics.Stopwatch.StartNew()
            fails "took longer than its 1 s" "sleep 60" ", \"seconds\": 1"
            Expect.isLessThan clock.Elapsed.TotalSeconds 40. "time"

        testCase "what it said is where the message says, for its owner alone"
        <| fun () ->
            requireShell ()

            withFolder (fun folder ->
                let result, log =
                    describe folder "echo why >&2; exit 4" ""
                    |> ExternalBaseline.read
                    |> run folder Variant.plain

                Expect.stringContains result.Error (Path.GetFullPath log) "where"
                Expect.stringContains (File.ReadAllText log) "why" "what"

                Expect.equal
                    (File.GetUnixFileMode log)
                    (UnixFileMode.UserRead ||| UnixFileMode.UserWrite)
                    "mode")

        testCase "a description says what is wrong with it"
        <| fun () ->
            withFolder (fun folder ->
                let file = Path.Combine(folder, "my-model.json")

                let refuses (part: string) (json: string) =
                    File.WriteAllText(file, json)

                    let message = InputErrors.message (fun () -> ExternalBaseline.read file)
                    Expect.stringContains message file "where"
                    Expect.stringContains message part "what"

                refuses "'command'" "{}"
                refuses "'command'" """{ "command": [] }"""
                refuses "'command' holds null" """{ "command": [null] }"""
                refuses "'check' holds null" """{ "command": ["x"], "check": ["y", null] }"""
                refuses "no description" """{ "comand": ["x"] }"""
                refuses "no description" "{"
                refuses "'seconds'" """{ "command": ["x"], "seconds": -1 }"""
                refuses "'threads'" """{ "command": ["x"], "threads": 0 }"""
                refuses "'format'" """{ "command": ["x"], "format": "xlsx" }""")

        testCase "its version changes with its script, and an absent program is an obstacle"
        <| fun () ->
            requireShell ()

            withFolder (fun folder ->
                let before = ExternalBaseline.read (describe folder "true" "")
                let after = ExternalBaseline.read (describe folder "false" "")
                Expect.notEqual after.Version before.Version "version"
                Expect.isNone (ExternalBaseline.obstacle before) "nothing to check"

                let obstacle check =
                    describe folder "true" $", \"check\": {check}, \"remedy\": \"get it\""
                    |> ExternalBaseline.read
                    |> ExternalBaseline.obstacle

                Expect.isNone (obstacle """["sh", "-c", "exit 0"]""") "there"
                let missing = obstacle """["no-such-program-here"]"""
                Expect.stringContains missing.Value "no-such-program-here" "which"
                Expect.stringContains missing.Value "get it" "remedy"
                Expect.stringContains (obstacle """["sh", "-c", "exit 5"]""").Value "exit code 5" "code")

        testCase "a script that may not be executed is not said to be absent"
        <| fun () ->
            requireShell ()

            withFolder (fun folder ->
                let file = describe folder "true" ""

                File.WriteAllText(
                    file,
                    """{ "command": ["model.sh"], "check": ["model.sh"], "format": "csv" }"""
                )

                let baseline = ExternalBaseline.read file
                let part = "may not be executed"
                Expect.stringContains (ExternalBaseline.obstacle baseline).Value part "check"
                Expect.stringContains (fst (run folder Variant.plain baseline)).Error part "command")

        testCase "a command that changed since the run was planned is refused"
        <| fun () ->
            let access = ToyManifest.access
            let id = (Suite.externalNames ()).Head
            let entries = Suite.externals [ id ]

            let planned version =
                let catalog =
                    Suite.catalogWith access [] [ { entries.Head with Version = version } ]

                Todo.item catalog {
                    (item Variant.plain).Cell with
                        Baseline = id
                }

            withFolder (fun folder ->
                let predictor version =
                    (Suite.laboratory access folder false).Predictor (planned version) (snd study.Value)

                (predictor entries.Head.Version).Dispose()

                Expect.stringContains
                    (InputErrors.message (fun () -> predictor "before"))
                    "changed since the run was planned"
                    "other")

        testCase "what a worker has started ends with it"
        <| fun () ->
            requireShell ()
            use started = Diagnostics.Process.Start("sleep", [ "60" ])
            use spared = Diagnostics.Process.Start("sleep", [ "60" ])
            (ChildProcesses.hold spared).Dispose()
            use _ = ChildProcesses.hold started
            ChildProcesses.killAll ()
            Expect.isTrue (started.WaitForExit(TimeSpan.FromSeconds 20.)) "ended"
            Expect.isFalse spared.HasExited "one that has been let go"
            spared.Kill()

        testCase "a baseline that cannot be run here is a note of the plan"
        <| fun () ->
            let catalog = {
                SweepFixture.catalog with
                    Baselines =
                        SweepFixture.catalog.Baselines
                        @ [
                            {
                                SweepFixture.catalog.Baselines[1] with
                                    Id = "my-model"
                                    Source = Command(lazy (Some "there is no python3"))
                                    Refusal = ExchangeVariant.refusal
                            }
                        ]
            }

            let plan =
                Plan.ofGrid catalog "test" {
                    SweepFixture.grid with
                        Baselines = [ "logistic"; "my-model" ]
                }

            Expect.equal (plan.Cells |> List.map _.Cell.Baseline) [ "logistic" ] "cells"
            Expect.exists plan.Notes _.Contains("my-model is skipped: there is no python3") "note"

        for id in Suite.externalNames () do
            testCase $"{id} conforms"
            <| fun () ->
                let baseline =
                    ExternalBaseline.tryFind [ Path.Combine((Repository.tryRoot ()).Value, "baselines") ] id

                match ExternalBaseline.obstacle baseline.Value with
                | Some reason -> skiptest reason
                | None ->
                    withFolder (fun folder ->
                        for variant in [ Variant.plain; Variant.recommended ] do
                            let result, _ = run folder variant baseline.Value
                            Expect.equal (result.Status, result.Error) (Done, "") $"{variant}"
                            Expect.isGreaterThan result.Measures.Head.Auroc 0.6 $"{variant} learns"

                        let first, _ = run folder Variant.plain baseline.Value
                        let again, _ = run folder Variant.plain baseline.Value

                        Expect.equal
                            (again.Measures |> List.map _.Auroc)
                            (first.Measures |> List.map _.Auroc)
                            "the same again")
    ]
