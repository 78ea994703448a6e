/// Runs on a Slurm cluster of one node: nothing is lost, doubled or other than in a local run, whatever happens to tasks, node and
/// coordinator.
module CausalDebiasing.Tests.Sweeping.SlurmTests

open System
open System.IO
open System.Text.RegularExpressions
open Expecto
open CausalDebiasing.Bench.Cli.Faults
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running.Slurm
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.SlurmCluster
open CausalDebiasing.Tests.Support.TempFolder

let private sweep manifest out more =
    [
        "sweep"
        "--dataset"
        manifest
        "--baselines"
        "logistic"
        "--variants"
        "plain"
        "label-balance"
        "--out"
        out
        "--seeds"
    ]
    @ more

let private seeds = [ 1..12 ] |> List.map string

let private inTasks = [
    "--engine"
    "slurm"
    "--cells-per-task"
    "2"
    "--array-limit"
    "5"
    "--time"
    "10"
    "--mem"
    "500M"
    "--sbatch-arg"
    "nice=1"
]

let private numberIn (pattern: string) (text: string) =
    let found = Regex.Match(text, pattern)
    Expect.isTrue found.Success $"'{pattern}' in: {text}"
    int found.Groups[1].Value

/// The sum over all lines of that kind: tasks may wait for different reasons.
let private sumIn (pattern: string) (text: string) =
    Regex.Matches(text, pattern)
    |> Seq.sumBy (fun found -> int found.Groups[1].Value)

let private isLive (cluster: Cluster) =
    cluster.Ask("squeue", [ "--noheader"; "--array" ]).Trim() <> ""

/// One node is drained, the coordinator is killed, one task is killed and another is over its time limit; then the same command is
/// given until all is done.
let private disturbed (cluster: Cluster) manifest expected (out: string) =
    let command = sweep manifest out (seeds @ inTasks)
    let status () = cluster.Run [ "status"; "--out"; out ]

    cluster.Ask("scontrol", [ "update"; "NodeName=localhost"; "State=DRAIN"; "Reason=test" ])
    |> ignore

    let coordinator = cluster.Start command

    await "a collecting job" (fun () -> Submission.tryRead out |> Option.bind _.Collecting)
    |> ignore

    let submission = (Submission.tryRead out).Value
    Expect.equal (submission.Arrays |> List.map _.Tasks) [ 5; 5; 2 ] "24 cells in arrays of at most 5 tasks"
    let drained = status ()
    Expect.equal (sumIn @"Tasks queued \(.*\): (\d+)" drained.Output) 12 "all wait for the node"
    Expect.equal (sumIn @"(?m)^Queued \(.*\): (\d+)" drained.Output) 24 "and all cells with them"

    Play.signal Play.Signal.Kill coordinator.Id
    coordinator.Wait Play.patience |> ignore
    let local = cluster.Run(sweep manifest out seeds)
    Expect.equal (local.Code, local.Errors.Length) (2, 1) "workers of this machine are refused beside tasks"
    Expect.stringContains local.Errors.Head "--engine slurm" "and told how to go on"

    cluster.Ask("scontrol", [ "update"; "NodeName=localhost"; "State=RESUME" ])
    |> ignore

    let late = await "a task" (fun () -> taskProcess out [])
    Play.signal Play.Signal.Stop late
    let lateJob = variableOf late "SLURM_JOB_ID"
    let killed = await "another task" (fun () -> taskProcess out [ late ])
    let array = variableOf killed "SLURM_ARRAY_JOB_ID"
    let number = int (variableOf killed "SLURM_ARRAY_TASK_ID")
    Play.signal Play.Signal.Kill killed

    let job =
        (submission.Arrays |> List.find (fun own -> own.JobId = Some array)).Name, number

    let hasEnded () =
        cluster.Ask("squeue", [ "--noheader"; "--array"; "--states=all"; "--format=%j|%F|%K|%T|%r" ])
        |> Queue.parse
        |> List.tryFind (fun one -> (one.Name, one.Number) = (fst job, Some(snd job)) && not one.State.IsLive)

    Expect.equal (await "the killed task has ended" hasEnded).State (Ended "FAILED") "the scheduler's word"

    let back = cluster.Start command

    await "the killed task's cells are submitted again" (fun () ->
        Submission.tryRead out
        |> Option.filter (fun now -> now.Arrays.Length = 4 && now.Collecting <> submission.Collecting))
    |> ignore

    cluster.Ask("scontrol", [ "update"; $"JobId={lateJob}"; "EndTime=now+1" ])
    |> ignore

    let back = back.Wait Play.patience
    Expect.equal back.Code 1 $"the late task's cells are missing: {Play.describe back}"
    Expect.equal (numberIn @"(\d+) to submit" back.Output) 2 "only the killed task's cells"
    Expect.exists back.Errors (fun line -> line.Contains "TIMEOUT, 2 of 2 cells left") "says which and why"
    Expect.exists back.Errors (fun line -> line.Contains "2 are missing") "and how many"
    let after = status ()
    Expect.equal (numberIn @"Done: (\d+)" after.Output) 22 "the rest is done"
    Expect.equal (numberIn @"To compute \(.*\): (\d+)" after.Output) 2 "by nobody so far"
    Expect.stringContains after.Output "TIMEOUT, 2 of 2 cells left" "the task is named"

    let last = cluster.Run command
    Expect.equal (last.Code, last.Errors) (0, []) "the same command"
    Expect.equal (numberIn @"(\d+) to submit" last.Output) 2 "what was missing"
    Expect.equal (SmallGrid.kept out) expected "as on one machine, bit for bit"

    let before = File.GetLastWriteTimeUtc(Path.Combine(out, "report.html"))
    Expect.isFalse (isLive cluster) "nothing is left with Slurm"
    let again = cluster.Run command
    Expect.equal (again.Code, numberIn @"(\d+) to submit" again.Output) (0, 0) "nothing to do"

    Expect.isGreaterThanOrEqual
        (File.GetLastWriteTimeUtc(Path.Combine(out, "report.html")))
        before
        "there is a report"

    Expect.isEmpty
        (Directory.GetFiles(out, "*.tmp", SearchOption.AllDirectories))
        "no half-written file is left"

/// Cells that run out of their own time are results, which `--failed` asks for again.
let private outOfTime (cluster: Cluster) manifest expected out =
    let command more =
        sweep manifest out ([ "1"; "2" ] @ inTasks @ more)

    let late = cluster.Run(command [ "--cell-timeout"; "0.001" ])
    Expect.equal late.Code 1 (Play.describe late)

    Expect.all
        (Store.results (Store.read out))
        (fun stored -> stored.Result.Status = TimedOut)
        "all out of time"

    let kept = cluster.Run(command [])
    Expect.equal (kept.Code, numberIn @"(\d+) to submit" kept.Output) (1, 0) "they stay as they are"
    let again = cluster.Run(command [ "--failed" ])
    Expect.equal (again.Code, numberIn @"(\d+) to submit" again.Output) (0, 4) (Play.describe again)
    Expect.isTrue (Set.isSubset (SmallGrid.kept out) expected) "as on one machine"
    Expect.equal (SmallGrid.kept out).Count 4 "all of them"

/// What Slurm refuses costs nothing.
let private refused (cluster: Cluster) manifest out =
    let ended =
        cluster.Run(sweep manifest out ([ "1" ] @ inTasks @ [ "--partition"; "nope" ]))

    Expect.equal (ended.Code, ended.Errors.Length) (2, 1) (Play.describe ended)
    Expect.stringContains ended.Errors.Head "artition" "Slurm's words"
    Expect.isFalse (isLive cluster) "nothing was submitted"

[<Tests>]
let tests =
    testSequenced
    <| testList "slurm" [
        testCase "without Slurm there is one line and nothing is written"
        <| fun () ->
            withFolder (fun folder ->
                let out = Path.Combine(folder, "out")
                let manifest = SmallGrid.write (Path.Combine(folder, "data"))
                let program, arguments = Play.self (sweep manifest out ([ "1" ] @ inTasks))
                let ended = (Play.start [ "PATH", folder ] program arguments).Wait Play.patience
                Expect.equal (ended.Code, ended.Errors.Length, ended.Output) (2, 1, "") (Play.describe ended)
                Expect.stringContains ended.Errors.Head "There is no 'sbatch'" "why"
                Expect.isFalse (Directory.Exists out) "nothing is written")

        testCase "printed commands leave the results of a local run"
        <| fun () ->
            if OperatingSystem.IsWindows() then
                skiptest "the commands are those of a POSIX shell"

            withFolder (fun folder ->
                let manifest = SmallGrid.write (Path.Combine(folder, "data"))
                let out = Path.Combine(folder, "it's out")
                let local = Path.Combine(folder, "local")
                let environment = [ "XDG_CACHE_HOME", Path.Combine(folder, "cache") ]

                let run arguments =
                    let program, arguments = Play.self arguments
                    (Play.start environment program arguments).Wait Play.patience

                let command = sweep manifest out [ "1"; "2" ]
                let printed = run (command @ [ "--print-commands"; "--cells-per-task"; "3" ])
                Expect.equal (printed.Code, printed.Errors.Length) (0, 1) (Play.describe printed)
                let lines = printed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                Expect.hasLength lines 2 "four cells in tasks of three at most"

                for line in lines do
                    let task = (Play.start environment "sh" [ "-c"; line ]).Wait Play.patience
                    Expect.equal task.Code 0 (Play.describe task)

                Expect.equal (run (sweep manifest local [ "1"; "2" ])).Code 0 "a local run"
                Expect.equal (SmallGrid.kept out) (SmallGrid.kept local) "the same results"
                let report = run command

                Expect.stringContains
                    report.Output
                    "4 on disk, 0 to compute"
                    "the report needs no more cells"

                Expect.isTrue (File.Exists(Path.Combine(out, "report.html"))) "report")

        testCase "tasks killed and late, node drained, coordinator lost: as on one machine"
        <| fun () ->
            match obstacle () with
            | Some reason -> skiptest reason
            | None ->
                withFolder (fun folder ->
                    use cluster = new Cluster(Path.Combine(folder, "cluster"))
                    let manifest = SmallGrid.write (Path.Combine(folder, "data"))
                    let out name = Path.Combine(folder, name)
                    let local = cluster.Run(sweep manifest (out "local") seeds)
                    Expect.equal local.Code 0 (Play.describe local)
                    let expected = SmallGrid.kept (out "local")
                    Expect.equal expected.Count 24 "cells"
                    refused cluster manifest (out "refused")
                    disturbed cluster manifest expected (out "it's a %j $HOME run")
                    outOfTime cluster manifest expected (out "late"))
    ]
