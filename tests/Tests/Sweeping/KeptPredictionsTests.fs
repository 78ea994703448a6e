module CausalDebiasing.Tests.Sweeping.KeptPredictionsTests

open System
open System.IO
open Expecto
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support.InputErrors
open CausalDebiasing.Tests.Support.SweepFixture
open CausalDebiasing.Tests.Support.TempFolder

/// Six rows of four patients at two sites, of which the second modality is missing in some.
let private cohort =
    Cohort(
        [| Modality.Tabular("vitals", 1); Modality.Tabular("labs", 1) |],
        [| Array.init 6 float32; Array.init 6 float32 |],
        [|
            for row in 0..5 do
                true
                row % 2 = 0
        |],
        [| 0f; 1f; 0f; 1f; 0f; 1f |],
        [| 0; 0; 0; 1; 1; 1 |],
        [| "north"; "south" |],
        [| 774411L; 774411L; 12L; 13L; 13L; 14L |]
    )

let private test condition = {
    Condition = condition
    Cohort = cohort
    BayesProbability = None
    DoProbability = None
}

let private probabilities = [| 0.1f; 0.25f; 0.5f; 0.75f; 1f; 0f |]

let private recorded = {
    cell with
        Data = {
            cell.Data with
                Dataset = "physionet2012"
        }
}

let private foldersIn folder : KeptPredictions.Folders = {
    Run = Path.Combine(folder, "run")
    Private = Some(Path.Combine(folder, "private"))
}

let private made (cell: Cell) = [
    for condition in [ "id"; "do" ] -> TestPredictions.ofTest cell.Data "abc" (test condition) probabilities
]

let private keep folders (cell: Cell) = {
    CellResult.without cell "0123456789abcdef0123" Done "" with
        Diagnostics =
            KeptPredictions.write folders cell "0123456789abcdef0123" (made cell)
            |> Map.ofList
}

let private theFile folder =
    Directory.GetFiles(folder, "*.parquet", SearchOption.AllDirectories)
    |> Array.exactlyOne

let private flip position (file: string) =
    let bytes = File.ReadAllBytes file
    bytes[position] <- bytes[position] ^^^ 1uy
    File.WriteAllBytes(file, bytes)

[<Tests>]
let tests =
    testList "kept predictions" [
        for name, cell in [ "a world", cell; "recorded data", recorded ] do
            testCase $"of {name} come back as they were"
            <| fun () ->
                withFolder (fun folder ->
                    let folders = foldersIn folder
                    let result = keep folders cell
                    Expect.equal (KeptPredictions.read folders result) (Ok(made cell)) "what was kept"

                    Expect.equal
                        (made cell).Head.Patterns[..1]
                        [| "vitals+labs"; "vitals" |]
                        "patterns have the names of modalities")

            testCase $"of {name} are damaged by a flip of any bit, and the result with them"
            <| fun () ->
                withFolder (fun folder ->
                    let folders = foldersIn folder
                    let result = keep folders cell
                    let file = theFile folder
                    let stored = { Identity = "{}"; Result = result }

                    let verified () =
                        (KeptPredictions.verify folders (Map [ result.CellId, Found stored ]))[result.CellId]

                    Expect.equal (verified ()) (Found stored) "whole"

                    for position in [ 0..37 .. int (FileInfo file).Length - 1 ] do
                        flip position file

                        match verified () with
                        | Corrupt(path, _) -> Expect.equal path file "which file"
                        | other -> failtest $"byte {position}: {other}"

                        Expect.stringContains
                            (message (fun () -> KeptPredictions.read folders result))
                            file
                            "a verb that reads names it"

                        flip position file

                    File.Delete file
                    Expect.equal (verified ()) (Found stored) "a result without predictions counts"
                    Expect.equal (KeptPredictions.read folders result) (Error "their file is gone") "why"

                    Expect.equal
                        (KeptPredictions.read folders { result with Diagnostics = Map.empty })
                        (Error "they were not kept")
                        "of a run that keeps none")

        testCase
            "patients of recorded data have a key that is the same in every test and not their identifier"
        <| fun () ->
            let keys (data: DataSpec) content =
                (TestPredictions.ofTest data content (test "id") probabilities).Patients

            let known = cohort.Patients.ToArray()
            Expect.equal (keys cell.Data "abc") known "of a world"
            let own = keys recorded.Data "abc"
            Expect.isFalse (own |> Array.exists (fun key -> Array.contains key known)) "no identifier"
            Expect.equal (keys { recorded.Data with Seed = 9 } "abc") own "in another cell"
            Expect.notEqual (keys recorded.Data "abd") own "of other data"

            for i in 0..5 do
                for j in 0..5 do
                    Expect.equal (own[i] = own[j]) (known[i] = known[j]) "patients are told apart"

        testCase "only their owner can read those of recorded data, in the cache and where they are taken to"
        <| fun () ->
            withFolder (fun folder ->
                let folders = foldersIn folder
                keep folders recorded |> ignore
                Expect.isFalse (Directory.Exists folders.Run) "nothing in the run's folder"

                if not (OperatingSystem.IsWindows()) then
                    let owner = UnixFileMode.UserRead ||| UnixFileMode.UserWrite

                    Expect.equal (File.GetUnixFileMode(theFile folder)) owner "file"

                    Expect.equal
                        (File.GetUnixFileMode folders.Private.Value)
                        (owner ||| UnixFileMode.UserExecute)
                        "folder")

        testCase
            "what would be predicted without recalibration comes back, and a file without it is as before"
        <| fun () ->
            withFolder (fun folder ->
                let plain = made cell
                let before = probabilities |> Array.map (fun p -> p / 2f)

                let wrapped = [
                    {
                        plain.Head with
                            BeforeRecalibration = Some before
                    }
                    plain[1]
                ]

                let readBack tests =
                    let path = Path.Combine(folder, "some.parquet")
                    File.WriteAllBytes(path, TestPredictions.toBytes folder tests)
                    path, TestPredictions.read path

                Expect.equal (readBack wrapped |> snd) wrapped "of one test and not of the other"
                let path, same = readBack plain
                Expect.equal same plain "none"

                use connection = new DuckDB.NET.Data.DuckDBConnection "DataSource=:memory:"
                connection.Open()
                use command = connection.CreateCommand()

                command.CommandText <-
                    $"SELECT string_agg(column_name, ' ') FROM (DESCRIBE SELECT * FROM '{path}')"

                Expect.equal
                    (string (command.ExecuteScalar()))
                    "test row patient probability outcome site pattern"
                    "the columns that files had before")

        testCase "a copy is for its owner alone, and one file for each cell that has predictions"
        <| fun () ->
            withFolder (fun folder ->
                let run, target = Path.Combine(folder, "run"), Path.Combine(folder, "taken")
                let result = keep (KeptPredictions.folders run) cell
                let without = CellResult.without { cell with Baseline = "logistic" } "f" Done ""
                Expect.equal (KeptPredictions.copy run target [ result; without ]) 1 "how many"
                let copied = theFile target
                Expect.equal (Path.GetFileName copied) $"{result.CellId}.parquet" "name"
                Expect.equal (TestPredictions.read copied) (made cell) "content"

                if not (OperatingSystem.IsWindows()) then
                    Expect.equal
                        (File.GetUnixFileMode copied)
                        (UnixFileMode.UserRead ||| UnixFileMode.UserWrite)
                        "mode")

        testCase "a merged run has the predictions of its cells"
        <| fun () ->
            withFolder (fun folder ->
                let run name = Path.Combine(folder, name)
                let result = keep (KeptPredictions.folders (run "b")) cell
                KeptPredictions.bring [ run "a"; run "b" ] (run "all") result

                Expect.equal
                    (KeptPredictions.read (KeptPredictions.folders (run "all")) result)
                    (Ok(made cell))
                    "as they were")

        testCase "where there is no room, the result stays and says why it has no predictions"
        <| fun () ->
            withFolder (fun folder ->
                File.WriteAllText(Path.Combine(folder, "run"), "a file in the folder's place")
                let result = keep (foldersIn folder) cell
                Expect.equal result.Status Done "the result"

                match KeptPredictions.read (foldersIn folder) result with
                | Error reason -> Expect.stringContains reason "run" "why"
                | Ok _ -> failtest "there are none")
    ]
