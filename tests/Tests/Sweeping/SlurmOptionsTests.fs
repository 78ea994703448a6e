module CausalDebiasing.Tests.Sweeping.SlurmOptionsTests

open System
open System.IO
open Expecto
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running.Cluster
open CausalDebiasing.Bench.Running.Slurm
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.SweepFixture
open CausalDebiasing.Tests.Support.TempFolder

let private options = {
    Partition = Some "short"
    Shape = {
        Workers = 2
        Limit = TimeSpan.FromMinutes 90.
        CellsPerTask = None
    }
    Memory = Some "4G"
    ArrayLimit = None
    Further = [ "account=lab"; "requeue" ]
}

let private job: Sbatch.Job = {
    Name = "causal-debias-x-0"
    Folder = "/runs/my run"
    Command = [ "dotnet"; "a b.dll"; "task" ]
}

let private refused part body =
    let mistake =
        try
            body ()
            failtest $"nothing was raised: {part}"
        with :? InputException as mistake ->
            mistake.Message

    Expect.stringContains mistake part "what is wrong"

let private mistake name (part: string) (arguments: string list) =
    testCase name
    <| fun () ->
        let ended = CommandLine.run ("sweep" :: arguments)
        Expect.equal ended.ExitCode 2 "exit code"
        Expect.equal ended.Output "" "nothing on standard output"
        Expect.hasLength ended.Errors 1 "one line"
        Expect.stringContains ended.Errors.Head part "what is wrong"

let private slurm = [ "--engine"; "slurm" ]

[<Tests>]
let optionTests =
    testSequenced
    <| testList "slurm options" [
        testCase "time limits in all of Slurm's notations, and back"
        <| fun () ->
            for text, minutes, back in
                [
                    "90", 90., "0-01:30:00"
                    "0:30", 0.5, "0-00:00:30"
                    "1:30:00", 90., "0-01:30:00"
                    "2-12", 3600., "2-12:00:00"
                    "1-0:30", 1470., "1-00:30:00"
                    "1-0:0:30", 1440.5, "1-00:00:30"
                ] do
                let limit = SlurmTime.parse "--time" text
                Expect.equal limit.TotalMinutes minutes text
                Expect.equal (SlurmTime.render limit) back text

        testCase "what is no time limit is named"
        <| fun () ->
            for text in
                [
                    ""
                    "abc"
                    "0"
                    "-5"
                    "1.5"
                    "1h"
                    "UNLIMITED"
                    "1:2:3:4"
                    "1-"
                    "90 "
                    "99999999"
                ] do
                refused $"--time '{text}'" (fun () -> SlurmTime.parse "--time" text |> ignore)

        testCase "an array is asked for in a list of arguments, each a word of its own"
        <| fun () ->
            Expect.equal
                (Sbatch.arrayArguments options 12 "/runs/my run/job.sh" job)
                [
                    "--parsable"
                    "--output=/dev/null"
                    "--job-name=causal-debias-x-0"
                    "--cpus-per-task=2"
                    "--time=0-01:30:00"
                    "--partition=short"
                    "--mem=4G"
                    "--account=lab"
                    "--requeue"
                    "--array=0-11"
                    "/runs/my run/job.sh"
                    "/runs/my run"
                    "dotnet"
                    "a b.dll"
                    "task"
                ]
                "arguments"

        testCase "the collecting job waits for all arrays, however they end, on one core"
        <| fun () ->
            let arguments = Sbatch.afterArguments options [ "7"; "9" ] "job.sh" job
            Expect.contains arguments "--dependency=afterany:7:9" "all of them"
            Expect.contains arguments "--cpus-per-task=1" "one core"

        testCase "sbatch's answer is a job id, with or without a cluster"
        <| fun () ->
            Expect.equal (Sbatch.jobId "123\n") (Some "123") "alone"
            Expect.equal (Sbatch.jobId "123;east\n") (Some "123") "of a cluster"
            Expect.isNone (Sbatch.jobId "Submitted batch job 123\n") "another answer"

        testCase "the queue's words"
        <| fun () ->
            let jobs =
                Queue.parse
                    "a|7|0|RUNNING|None\na|7|1|PENDING|Resources\na|7|2|TIMEOUT|TimeLimit\na|7|3|COMPLETING|None\nb|8|N/A|PENDING|Dependency\na|7|4|CANCELLED|a|b\n\nnonsense\n"

            Expect.equal
                (jobs |> List.map (fun job -> job.Name, job.JobId, job.Number, job.State))
                [
                    "a", "7", Some 0, Running
                    "a", "7", Some 1, Queued "Resources"
                    "a", "7", Some 2, Ended "TIMEOUT"
                    "a", "7", Some 3, Running
                    "b", "8", None, Queued "Dependency"
                    "a", "7", Some 4, Ended "CANCELLED"
                ]
                "all but what is none"

        testCase "the accounts' words: tasks that ended, not those that wait"
        <| fun () ->
            Expect.equal
                (Queue.parseAccounting
                    "7_0|COMPLETED\n7_12|CANCELLED by 1000\n7_[13-20]|PENDING\n7_3|RUNNING\n9|FAILED\n")
                [ ("7", 0), "COMPLETED"; ("7", 12), "CANCELLED" ]
                "two"

        testCase "a submission comes back as it was written, and is not believed when edited"
        <| fun () ->
            withFolder (fun folder ->
                let submission = {
                    Arrays = [
                        {
                            Name = "a"
                            Tasks = 3
                            JobId = Some "7"
                        }
                        { Name = "b"; Tasks = 1; JobId = None }
                    ]
                    Collecting = Some { Name = "c"; JobId = "8" }
                    Workers = 2
                    StartedUtc = DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc)
                    IsCollected = false
                }

                Expect.isNone (Submission.tryRead folder) "none yet"
                Submission.write folder submission
                Expect.equal (Submission.tryRead folder) (Some submission) "round trip"
                Expect.equal (Submission.jobs submission) "7 8" "for scancel"
                Submission.collected folder

                Expect.equal
                    (Submission.tryRead folder)
                    (Some { submission with IsCollected = true })
                    "collected"

                let file = Path.Combine(folder, "cluster", "submission.json")
                File.WriteAllText(file, File.ReadAllText(file).Replace("\"7\"", "\"6\""))
                refused "submission.json" (fun () -> Submission.tryRead folder |> ignore))

        testCase "a task stands by the queue and by what it left; a cell counts for its last task"
        <| fun () ->
            withFolder (fun folder ->
                let all = items 3 |> List.truncate 5

                let task items = {
                    Cells = items |> List.map (TaskCell.create folder)
                }

                TaskFile.write folder "a" [ task all[0..1]; task all[2..3]; task [ all[4] ] ]
                TaskFile.write folder "b" [ task [ all[3] ] ]
                Store.write folder (stored all[0])
                Store.write folder (stored all[2])

                let submission = {
                    Arrays = [
                        {
                            Name = "a"
                            Tasks = 3
                            JobId = Some "7"
                        }
                        {
                            Name = "b"
                            Tasks = 1
                            JobId = Some "8"
                        }
                    ]
                    Collecting = None
                    Workers = 1
                    StartedUtc = DateTime.UtcNow
                    IsCollected = false
                }

                let jobs =
                    Queue.parse
                        "a|7|0|RUNNING|None\na|7|1|TIMEOUT|x\na|7|2|FAILED|x\nb|8|0|PENDING|Priority\n"

                let standings = TaskStanding.all folder (Store.read folder) submission jobs

                Expect.equal
                    (TaskStanding.live standings)
                    (Map [ all[1].CellId, Running; all[3].CellId, Queued "Priority" ])
                    "what is going to be computed"

                match TaskStanding.unfinished standings with
                | [ one ] ->
                    Expect.equal (one.Number, one.Left) (2, [ all[4] ]) "no later task has it"

                    Expect.stringContains
                        (TaskStanding.describe folder one)
                        "FAILED, 1 of 1 cells left"
                        "how"
                | others -> failtest $"{others}")

        mistake "an unknown engine" "did you mean 'slurm'?" [ "--engine"; "slrum" ]
        mistake "a time that is none" "--time 'abc'" (slurm @ [ "--time"; "abc" ])
        mistake "a memory that is none" "--mem '1.5G'" (slurm @ [ "--mem"; "1.5G" ])
        mistake "no cores" "--cpus-per-task 0" (slurm @ [ "--cpus-per-task"; "0" ])
        mistake "an array of none" "--array-limit 0" (slurm @ [ "--array-limit"; "0" ])
        mistake "a task of none" "--cells-per-task 0" (slurm @ [ "--cells-per-task"; "0" ])
        mistake "a partition that is none" "--partition 'a b'" (slurm @ [ "--partition"; "a b" ])
        mistake "an option of sbatch with hyphens" "--sbatch-arg" (slurm @ [ "--sbatch-arg=--account=x" ])

        mistake
            "an option of sbatch that is set"
            "--sbatch-arg 'array=1-9'"
            (slurm @ [ "--sbatch-arg"; "array=1-9" ])

        mistake
            "a cell that would outlast its task"
            "--cell-timeout 600 is not below"
            (slurm @ [ "--time"; "10"; "--cell-timeout"; "600" ])

        mistake "workers beside tasks" "--jobs" (slurm @ [ "--jobs"; "2" ])
        mistake "fail-fast beside tasks" "--fail-fast" (slurm @ [ "--fail-fast" ])
        mistake "an option of Slurm without it" "--partition" [ "--partition"; "short" ]
        mistake "an option of tasks without them" "--time" [ "--time"; "10" ]
        mistake "two schedulers" "--print-commands" (slurm @ [ "--print-commands" ])
        mistake "memory in printed commands" "--mem" [ "--print-commands"; "--mem"; "4G" ]
    ]
