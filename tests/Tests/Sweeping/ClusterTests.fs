module CausalDebiasing.Tests.Sweeping.ClusterTests

open System
open System.Diagnostics
open System.IO
open Expecto
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running.Cluster
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support.SweepFixture
open CausalDebiasing.Tests.Support.TempFolder

let private shape = {
    Workers = 1
    Limit = TimeSpan.FromHours 1.
    CellsPerTask = None
}

let private lengths tasks = tasks |> List.map List.length

let private tasksOf folder items =
    items
    |> List.chunkBySize 3
    |> List.map (fun items -> {
        Cells = items |> List.map (TaskCell.create folder)
    })

let private isComputed folder cell =
    TaskCell.isComputed folder (Store.readCell folder) cell

[<Tests>]
let tests =
    testList "cluster tasks" [
        testCase "tasks take about ten minutes by the estimate, and hold each cell once"
        <| fun () ->
            let all = items 60
            let tasks = Packing.pack shape (fun _ -> 60.) all
            Expect.equal (lengths tasks) (List.replicate 12 10) "ten cells of a minute each"
            Expect.equal (List.concat tasks |> set) (set all) "all of them"

        testCase "with more workers a task has more cells, with a short limit fewer"
        <| fun () ->
            let pack shape =
                Packing.pack shape (fun _ -> 60.) (items 60) |> lengths

            Expect.equal (pack { shape with Workers = 4 }) [ 40; 40; 40 ] "four at a time"

            Expect.equal
                (pack {
                    shape with
                        Limit = TimeSpan.FromMinutes 15.
                })
                (List.replicate 24 5)
                "a third of the limit"

        testCase "a cell longer than a task has one of its own, and short ones share"
        <| fun () ->
            let seconds (cell: Cell) =
                if cell.Data.Seed = 2 then 1800. else 1.

            let tasks = Packing.pack shape seconds (items 3)
            Expect.equal (List.concat tasks |> set) (set (items 3)) "all of them"

            for task in tasks do
                let long = task |> List.filter (fun item -> item.Cell.Data.Seed = 2)
                Expect.isLessThan long.Length 2 "long cells do not wait for each other"

        testCase "a number of cells is kept, and cells of a data condition stay together"
        <| fun () ->
            let tasks =
                Packing.pack { shape with CellsPerTask = Some 2 } (fun _ -> 1.) (items 5)

            Expect.equal (lengths tasks) (List.replicate 5 2) "two each"

            for task in tasks do
                Expect.equal
                    (task |> List.map _.Cell.Data.Seed |> List.distinct |> List.length)
                    1
                    "biased and unbiased data of a seed"

        testCase "no cells are no tasks"
        <| fun () -> Expect.isEmpty (Packing.pack shape (fun _ -> 1.) []) "none"

        testCase "seconds are those of the same baseline and variant, else of the baseline, else a guess"
        <| fun () ->
            let all = items 2
            let plain, ceiling = all.Head, all |> List.find _.Cell.Data.Unbiased

            let stored = {
                Identity = plain.Identity
                Result = { result plain with FitSeconds = 8. }
            }

            let estimate = CellSeconds.estimate [ stored ]
            Expect.equal (estimate plain.Cell) 10. "same"
            Expect.equal (estimate ceiling.Cell) 10. "the baseline's"

            Expect.equal
                (estimate {
                    plain.Cell with
                        Baseline = "logistic"
                })
                CellSeconds.unknown
                "unknown"

        testCase "a task comes back as it was written"
        <| fun () ->
            withFolder (fun folder ->
                let tasks = tasksOf folder (items 4)
                TaskFile.write folder "some" tasks
                Expect.equal (TaskFile.readAll folder "some") tasks "all"
                Expect.equal (TaskFile.read folder "some" 1) tasks[1] "one"

                Expect.throwsT<InputException>
                    (fun () -> TaskFile.read folder "some" 9 |> ignore)
                    "no such number"

                Expect.throwsT<InputException> (fun () -> TaskFile.read folder "other" 0 |> ignore) "no file")

        testCase "an edited task is not believed: its cell would be filed under another's name"
        <| fun () ->
            withFolder (fun folder ->
                TaskFile.write folder "some" (tasksOf folder (items 2))
                let file = Path.Combine(TaskFile.folder folder "some", "tasks.jsonl")
                let text = File.ReadAllText file
                File.WriteAllText(file, text.Replace("\"Seed\":1", "\"Seed\":7"))
                Expect.throwsT<InputException> (fun () -> TaskFile.read folder "some" 0 |> ignore) "edited")

        testCase "a cell counts as computed once its stored result is another than when the task was made"
        <| fun () ->
            withFolder (fun folder ->
                let item = (items 1).Head
                let missing = TaskCell.create folder item
                Expect.isFalse (isComputed folder missing) "not yet"
                Store.write folder (stored item)
                Expect.isTrue (isComputed folder missing) "now"

                let again = TaskCell.create folder item
                Expect.isFalse (isComputed folder again) "asked for again"

                Store.write folder {
                    stored item with
                        Result = { result item with FitSeconds = 2.5 }
                }

                Expect.isTrue (isComputed folder again) "replaced"
                File.WriteAllText(Store.path folder item.CellId, "{")
                Expect.isFalse (isComputed folder again) "what cannot be believed is not computed")

        testCase "a shell gives a command the words that it was made of"
        <| fun () ->
            if not (OperatingSystem.IsWindows()) then
                withFolder (fun folder ->
                    let odd = Path.Combine(folder, "it's a \"b\" $HOME `x` %a & ; *")
                    Directory.CreateDirectory odd |> ignore
                    let words = [ "it's"; "two  blanks"; "$HOME"; "a\\b"; ""; "*"; "--x=;" ]

                    let how =
                        ProcessStartInfo(
                            "sh",
                            [
                                "-c"
                                ShellText.command
                                    odd
                                    ([ "sh"; "-c"; "pwd; printf '%s\\n' \"$@\""; "sh" ] @ words)
                            ],
                            RedirectStandardOutput = true
                        )

                    use shell = nonNull (Process.Start how)
                    let output = shell.StandardOutput.ReadToEnd()
                    Expect.equal output (String.concat "\n" (odd :: words) + "\n") "folder and words")
    ]
