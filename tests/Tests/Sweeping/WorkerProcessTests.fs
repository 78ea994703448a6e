module CausalDebiasing.Tests.Sweeping.WorkerProcessTests

open System
open System.Diagnostics
open System.IO
open System.Threading
open Expecto
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Running
open CausalDebiasing.Tests.Support.SweepFixture

let private minute = TimeSpan.FromMinutes 1.

let private startWith start =
    WorkerProcess.Start(start, minute, CancellationToken.None).Result

/// A worker played by a shell script that has said that it is ready.
let private scripted script =
    let start = ProcessStartInfo "sh"
    start.ArgumentList.Add "-c"
    start.ArgumentList.Add $"echo '{WorkerProtocol.ready}'; {script}"
    startWith start

let private run script limit =
    match scripted script with
    | Error reason -> failtest reason
    | Ok worker ->
        use worker = worker
        worker.Run((items 1).Head, limit).Result

let private lost script =
    match run script minute with
    | Lost(reason, _) -> reason
    | other -> failtest $"{other}"

[<Tests>]
let tests =
    let tests = [
        testCase "a result is found among other output"
        <| fun () ->
            let expected = result (items 1).Head
            let reply = (WorkerProtocol.reply expected).Trim().Replace("'", "'\\''")

            match run $"read cell; echo '[native] noise'; echo '{reply}'; cat > /dev/null" minute with
            | Completed result -> Expect.equal (Json.write result) (Json.write expected) "the result"
            | other -> failtest $"{other}"

        testCase "a killed worker is lost, with the signal"
        <| fun () -> Expect.stringContains (lost "read cell; kill -9 $$") "was killed (signal 9)" "reason"

        testCase "a crashed worker is lost, with its last words"
        <| fun () ->
            Expect.equal
                (lost "read cell; echo 'bad alloc' >&2; exit 3")
                "The worker process ended with exit code 3: bad alloc"
                "reason"

        testCase "what an earlier cell said is no reason of a later one's end"
        <| fun () ->
            let items = items 2
            let reply = (WorkerProtocol.reply (result items.Head)).Trim().Replace("'", "'\\''")

            match scripted $"read cell; echo 'earlier' >&2; sleep 1; echo '{reply}'; read cell; exit 3" with
            | Error reason -> failtest reason
            | Ok worker ->
                use worker = worker
                worker.Run(items[0], minute).Result |> ignore

                Expect.equal
                    (worker.Run(items[1], minute).Result)
                    (Lost("The worker process ended with exit code 3", ""))
                    "its own"

        testCase "a worker that answers nonsense is lost"
        <| fun () ->
            Expect.stringContains
                (lost $"read cell; echo '{WorkerProtocol.ready}'; sleep 60")
                "not a result"
                "reason"

        testCase "a worker that hangs is ended at the time limit"
        <| fun () ->
            match run "read cell; sleep 60" (TimeSpan.FromMilliseconds 200.) with
            | OverTime -> ()
            | other -> failtest $"{other}"

        testCase "a program that is not there, or ends at once, is no worker"
        <| fun () ->
            Expect.isError (startWith (ProcessStartInfo "no-such-program")) "not there"

            let start = ProcessStartInfo "sh"
            start.ArgumentList.Add "-c"
            start.ArgumentList.Add "echo 'cannot load' >&2; exit 1"

            match startWith start with
            | Error reason -> Expect.stringContains reason "cannot load" "reason"
            | Ok _ -> failtest "it started"

        testCase "a worker that is stopped before it is ready is given up at the time limit, or when asked to"
        <| fun () ->
            let stopped () =
                let start = ProcessStartInfo "sh"
                start.ArgumentList.Add "-c"
                start.ArgumentList.Add "kill -STOP $$"
                start

            let limit = TimeSpan.FromMilliseconds 200.
            let late = WorkerProcess.Start(stopped (), limit, CancellationToken.None).Result

            match late with
            | Error reason -> Expect.stringContains reason "not ready within" "reason"
            | Ok _ -> failtest "it started"

            use stop = new CancellationTokenSource 200

            Expect.isError
                (WorkerProcess.Start(stopped (), TimeSpan.FromHours 1., stop.Token).Result)
                "asked to stop"

        testCase "the worker loop answers each cell and ends with its input"
        <| fun () ->
            let all = items 2
            let input = new StringReader(all |> List.map Json.write |> String.concat "\n")
            let output = new StringWriter()
            WorkerLoop.run ignore result input output

            let answers =
                output.ToString().Split(Environment.NewLine)
                |> Array.choose WorkerProtocol.payload
                |> List.ofArray

            Expect.equal answers ("ready" :: (all |> List.map (result >> Json.write))) "one line each"
    ]

    testSequenced (testList "worker process" (if OperatingSystem.IsWindows() then [] else tests))
