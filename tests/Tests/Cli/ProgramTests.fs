module CausalDebiasing.Tests.Cli.ProgramTests

open System.Globalization
open System.IO
open Expecto
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.TempFolder

let private mistake name (part: string) (arguments: string list) =
    testCase name
    <| fun () ->
        let ended = CommandLine.run arguments
        Expect.equal ended.ExitCode 2 "exit code"
        Expect.equal ended.Output "" "nothing on standard output"

        match ended.Errors with
        | [ line ] ->
            Expect.stringStarts line "error: " "one line"
            Expect.stringContains line part "what is wrong"
        | lines -> failtest $"{lines}"

let private sweep arguments =
    CommandLine.run (
        [
            "sweep"
            "--baselines"
            "logistic"
            "--variants"
            "plain"
            "md-exact"
            "label-balance"
            "--train-size"
            "400"
            "--seeds"
            "1"
        ]
        @ arguments
    )

let private cells folder =
    Directory.GetFiles(Path.Combine(folder, "cells")) |> Array.sort |> List.ofArray

/// A stored result but for the time that it took.
let private content (file: string) =
    File.ReadAllText(file).Split(',')
    |> Array.filter (fun part -> not (part.Contains "FitSeconds" || part.Contains "Sha256"))
    |> List.ofArray

[<Tests>]
let tests =
    testSequenced
    <| testList "command line" [
        mistake "unknown verb" "did you mean 'sweep'?" [ "swep" ]
        mistake "unknown option" "did you mean '--missing-rate'?" [ "sweep"; "--missing-rat"; "0.3" ]
        mistake "a word too many" "'extra'" [ "reproduce"; "extra" ]
        mistake "unknown profile" "did you mean 'full'?" [ "reproduce"; "--profile"; "fulll" ]
        mistake "unknown baseline" "did you mean 'zero-fill-mlp'?" [ "sweep"; "--baselines"; "zero-fil-mlp" ]
        mistake "unknown world" "did you mean 'world-a'" [ "sweep"; "--world"; "world-x" ]
        mistake "unknown mechanism" "--mechanism" [ "sweep"; "--mechanism"; "mnar" ]
        mistake "a rate that is none" "--missing-rate 1.2" [ "sweep"; "--missing-rate"; "0.3"; "1.2" ]
        mistake "a number that is none" "'abc'" [ "sweep"; "--missing-rate"; "abc" ]
        mistake "a comma in a number" "'1,5'" [ "sweep"; "--signal"; "1,5" ]
        mistake "a comma between numbers" "'1,2'" [ "sweep"; "--seeds"; "1,2" ]
        mistake "a share of a seed" "'1.5'" [ "sweep"; "--seeds"; "1.5" ]
        mistake "an output folder without a name" "--out" [ "sweep"; "--out"; "" ]
        mistake "an option without values" "--seeds" [ "sweep"; "--seeds" ]
        mistake "no workers" "--jobs 0" [ "sweep"; "--jobs"; "0" ]
        mistake "no time" "--cell-timeout" [ "sweep"; "--cell-timeout"; "0" ]
        mistake "no folder" "--out" [ "status" ]
        mistake "a folder without a run" "plan.json" [ "report"; "--out"; "no-such-folder" ]
        mistake "absent data" "physionet2012" [
            "sweep"
            "--dataset"
            "physionet2012"
            "--data-root"
            System.AppContext.BaseDirectory
        ]
        mistake "nothing to compare" "plan.json" [ "regress"; "--from"; "no-such-folder" ]
        mistake "an id that is none" "'Foo'" [ "new-baseline"; "Foo" ]
        mistake "an id that is taken" "'mt' already" [ "new-baseline"; "mt" ]
        mistake "no id" "'<id>'" [ "new-baseline" ]

        mistake "a pair that cannot be had" "logistic: not as irm" [
            "sweep"
            "--baselines"
            "logistic"
            "--variants"
            "irm"
        ]

        testCase "a variant that one baseline cannot be had in is not planned for it, and is for the others"
        <| fun () ->
            let ended =
                CommandLine.run [
                    "sweep"
                    "--dry-run"
                    "--baselines"
                    "lightgbm"
                    "logistic"
                    "--variants"
                    "plain"
                    "md-exact"
                ]

            Expect.equal ended.ExitCode 0 "goes on"
            Expect.stringContains ended.Output "lightgbm: not as md-exact: 'lightgbm' reads" "why"

        mistake "help for no verb" "'nope'" [ "help"; "nope" ]

        testCase "numbers mean the same whatever the machine's language is"
        <| fun () ->
            let culture = CultureInfo.CurrentCulture
            let german = culture.Clone() :?> CultureInfo
            german.NumberFormat.NumberDecimalSeparator <- ","
            german.NumberFormat.NumberGroupSeparator <- "."

            try
                CultureInfo.CurrentCulture <- german
                let ended = sweep [ "--dry-run"; "--signal"; "0.5" ]
                Expect.stringContains ended.Output "signal=0.5" "half"
            finally
                CultureInfo.CurrentCulture <- culture

        testCase "an output folder that cannot be written is refused before anything runs"
        <| fun () ->
            withFolder (fun folder ->
                let file = Path.Combine(folder, "file")
                File.WriteAllText(file, "")
                let ended = sweep [ "--out"; Path.Combine(file, "out") ]
                Expect.equal ended.ExitCode 2 "exit code"
                Expect.equal ended.Output "" "nothing was run"
                Expect.equal ended.Errors.Length 1 "one line"
                Expect.stringContains ended.Errors.Head "--out" "option")

        testCase "help lists every verb, and every verb has help"
        <| fun () ->
            let overview = CommandLine.run [ "help" ]
            Expect.equal overview.ExitCode 0 "exit code"

            for verb in
                [
                    "reproduce"
                    "sweep"
                    "status"
                    "report"
                    "regress"
                    "data"
                    "baselines"
                    "new-baseline"
                    "doctor"
                ] do
                Expect.stringContains overview.Output verb "overview"
                let help = CommandLine.run [ "help"; verb ]
                Expect.equal help.ExitCode 0 verb
                Expect.stringContains help.Output verb "usage"

        testCase "a dry run says what would be run and writes nothing"
        <| fun () ->
            withFolder (fun folder ->
                let out = Path.Combine(folder, "out")
                let ended = sweep [ "--dry-run"; "--out"; out ]
                Expect.equal ended.ExitCode 0 "exit code"
                Expect.stringContains ended.Output "3 distinct cells, 0 on disk; 3 to compute" "size"
                Expect.isFalse (Directory.Exists out) "no folder")

        testCase "a sweep leaves the same results with one and two workers, and resumes"
        <| fun () ->
            withFolder (fun folder ->
                let one, two = Path.Combine(folder, "one"), Path.Combine(folder, "two")
                let first = sweep [ "--out"; one; "--jobs"; "1" ]
                Expect.equal (first.ExitCode, first.Errors) (0, []) "one worker"
                let second = sweep [ "--out"; two; "--jobs"; "2" ]
                Expect.equal (second.ExitCode, second.Errors) (0, []) "two workers"
                Expect.equal (cells one).Length 3 "three cells"
                Expect.equal (cells two |> List.map content) (cells one |> List.map content) "same results"

                let lost, cut = (cells two)[0], (cells two)[1]
                let other = (cells two)[2]
                let kept = File.GetLastWriteTimeUtc other
                let before = content lost, content cut
                File.Delete lost

                let dry = sweep [ "--out"; two; "--dry-run"; "--jobs"; "2" ]
                Expect.stringContains dry.Output "3 distinct cells, 2 on disk; 1 to compute" "what is left"
                Expect.stringContains dry.Output "minute with 2 workers" "how long it takes"
                File.WriteAllText(cut, (File.ReadAllText cut).Substring(0, 100))
                let report = CommandLine.run [ "report"; "--out"; two ]
                Expect.equal report.ExitCode 2 "a cut result is refused by a verb that only reads"
                Expect.stringContains report.Errors.Head cut "file"

                let third = sweep [ "--out"; two; "--jobs"; "2" ]
                Expect.equal third.ExitCode 0 "resumed"
                Expect.stringContains third.Output "1 on disk, 2 to compute" "only what was missing"
                Expect.stringContains third.Errors.Head cut "says which file was cut"
                Expect.equal (content lost, content cut) before "same results again"
                Expect.equal (File.GetLastWriteTimeUtc other) kept "the rest is untouched"

                let status = CommandLine.run [ "status"; "--out"; two ]
                Expect.equal status.ExitCode 0 "status"
                Expect.stringContains status.Output "Done: 3" "all done"

                File.WriteAllText(Path.Combine(two, "environment.json"), "[")
                let damaged = CommandLine.run [ "report"; "--out"; two ]
                Expect.equal (damaged.ExitCode, damaged.Errors.Length) (2, 1) "a damaged file beside them"
                Expect.stringContains damaged.Errors.Head "environment.json" "named")
    ]
