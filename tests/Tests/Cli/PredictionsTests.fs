module CausalDebiasing.Tests.Cli.PredictionsTests

open System.IO
open Expecto
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.TempFolder

let private succeeds (arguments: string list) =
    let ended = CommandLine.run arguments
    Expect.equal ended.ExitCode 0 $"{arguments}: {ended.Errors}"
    ended

let private sweep run (extra: string list) =
    [
        "sweep"
        "--world"
        "world-b"
        "--train-size"
        "400"
        "--seeds"
        "1"
        "--baselines"
        "logistic"
        "--out"
        run
    ]
    @ extra
    |> succeeds

let private files run =
    let folder = Path.Combine(run, "predictions")

    if Directory.Exists folder then
        Directory.GetFiles(folder, "*.parquet") |> Array.sort |> List.ofArray
    else
        []

let private flip (file: string) =
    let bytes = File.ReadAllBytes file
    let middle = bytes.Length / 2
    bytes[middle] <- bytes[middle] ^^^ 4uy
    File.WriteAllBytes(file, bytes)

let private results run =
    Store.results (Store.read run) |> List.ofSeq

/// What of the results must not change.
let private numbers run = [ for stored in results run -> stored.Result.CellId, stored.Result.Measures ]

[<Tests>]
let tests =
    testSequenced
    <| testList "predictions of a run" [
        testCase "are kept, judged, found damaged, mended, taken out, and made again equal"
        <| fun () ->
            withFolder (fun folder ->
                let run = Path.Combine(folder, "run")
                sweep run [] |> ignore
                let kept = files run
                Expect.equal kept.Length 2 "one file for each cell"
                let before = numbers run

                let measures = File.ReadAllLines(Path.Combine(run, "measures.csv"))
                Expect.equal measures.Length (1 + 2 * 3) "a row for each cell and test"
                let report = File.ReadAllText(Path.Combine(run, "report.html"))
                Expect.stringContains report "Gain by wrapping as recommended" "in the report"
                Expect.stringContains report "Calibration and decision curves" "curves"
                Expect.isTrue (File.Exists(Path.Combine(run, "measures.md"))) "measures.md"

                let cell = (results run).Head.Result.CellId
                let again = succeeds [ "rerun"; cell; "--out"; run ]
                Expect.stringContains again.Output "equal in all metrics and 18000 probabilities" "rerun"

                let taken = Path.Combine(folder, "taken")
                let said = succeeds [ "report"; "--out"; run; "--predictions"; taken ]
                Expect.stringContains said.Output "2 of 2 cells have predictions" "taken out"
                Expect.equal (Directory.GetFiles taken).Length 2 "copies"

                flip kept.Head
                let refused = CommandLine.run [ "report"; "--out"; run ]
                Expect.equal refused.ExitCode 2 "a damaged file is refused"
                Expect.stringContains refused.Errors.Head (string (Path.GetFileName kept.Head)) "by name"
                let mended = sweep run []
                Expect.stringContains (String.concat "\n" mended.Errors) "set aside" "and computed again"
                Expect.equal (files run) kept "its file is there"
                Expect.equal (numbers run) before "with the same numbers"

                File.Delete kept.Head
                succeeds [ "report"; "--out"; run ] |> ignore

                Expect.equal
                    (File.ReadAllLines(Path.Combine(run, "measures.csv"))).Length
                    7
                    "what was measured stays"

                Directory.Delete(Path.Combine(run, "cache", "measures"), true)
                succeeds [ "report"; "--out"; run ] |> ignore

                Expect.equal
                    (File.ReadAllLines(Path.Combine(run, "measures.csv"))).Length
                    4
                    "else it is left out"

                Expect.stringContains
                    (File.ReadAllText(Path.Combine(run, "report.html")))
                    "1 cell: their file is gone"
                    "and said"

                sweep run [] |> ignore
                Expect.equal (files run) kept.Tail "and not computed again")

        testCase "are left out when asked for, and results are the same"
        <| fun () ->
            withFolder (fun folder ->
                let kept, bare = Path.Combine(folder, "kept"), Path.Combine(folder, "bare")
                sweep kept [] |> ignore
                sweep bare [ "--no-predictions" ] |> ignore
                Expect.isEmpty (files bare) "no file"
                Expect.equal (numbers bare) (numbers kept) "ids and metrics"
                Expect.isFalse (File.Exists(Path.Combine(bare, "measures.csv"))) "no measures"

                Expect.stringContains
                    (File.ReadAllText(Path.Combine(bare, "report.html")))
                    "No predictions were kept"
                    "the report says so"

                let again = succeeds [ "rerun"; (results bare).Head.Result.CellId; "--out"; bare ]
                Expect.stringContains again.Output "probabilities were not compared" "rerun"

                let merged = Path.Combine(folder, "merged")
                succeeds [ "merge"; bare; kept; "--out"; merged ] |> ignore
                Expect.equal (numbers merged) (numbers kept) "merged")

        testCase "a cell that does not come out as it is stored is told"
        <| fun () ->
            withFolder (fun folder ->
                let run = Path.Combine(folder, "run")
                sweep run [] |> ignore
                let stored = (results run).Head
                let measure = stored.Result.Measures.Head

                Store.write run {
                    stored with
                        Result = {
                            stored.Result with
                                Measures =
                                    {
                                        measure with
                                            Auroc = measure.Auroc + 1e-4
                                    }
                                    :: stored.Result.Measures.Tail
                        }
                }

                let ended =
                    CommandLine.run [ "rerun"; stored.Result.CellId.Substring(0, 8); "--out"; run ]

                Expect.equal ended.ExitCode 1 "exit code"
                Expect.stringContains ended.Output $"auroc under '{measure.Condition}'" "what"
                let unknown = CommandLine.run [ "rerun"; "zz"; "--out"; run ]
                Expect.equal unknown.ExitCode 2 "an unknown cell"
                Expect.stringContains unknown.Errors.Head "cell_id" "where ids are")
    ]
