module CausalDebiasing.Tests.Sweeping.RunnerTests

open System
open System.Collections.Concurrent
open System.Threading
open System.Threading.Tasks
open Expecto
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Tests.Support.SweepFixture
open CausalDebiasing.Tests.Support.TempFolder

/// A worker in this process; `outcome` decides how each cell ends.
let private worker (outcome: WorkItem -> Outcome) = {
    new IWorker with
        member _.Run(item, _) =
            task {
                do! Task.Yield()
                return outcome item
            }

        member _.Stop() = ()
        member _.Dispose() = ()
}

let private options jobs = {
    Jobs = jobs
    CellTimeout = TimeSpan.FromMinutes 1.
    FailFast = false
}

let private runWith options outcome items =
    let results = ConcurrentBag<CellResult>()
    let started = ref 0

    let start _ =
        Interlocked.Increment started |> ignore
        Task.FromResult(Ok(worker outcome): Result<IWorker, string>)

    Runner(options, start, (fun _ result -> results.Add result)).Run(items, CancellationToken.None).Wait()
    results |> List.ofSeq |> List.sortBy (fun result -> result.CellId), started.Value

[<Tests>]
let tests =
    testList "runner" [
        testCase "one and three jobs leave the same results"
        <| fun () ->
            let run jobs =
                runWith (options jobs) (result >> Completed) (items 5) |> fst |> Json.write

            Expect.equal (run 3) (run 1) "same text"

        testCase "a worker that dies costs the cell it had"
        <| fun () ->
            let all = items 4

            let outcome (item: WorkItem) =
                if item = all[2] then
                    Lost("killed", "")
                else
                    Completed(result item)

            let results, started = runWith (options 1) outcome all
            Expect.equal results.Length all.Length "every cell has a result"
            Expect.equal started 2 "one worker was replaced"

            let failed = results |> List.filter (fun result -> result.Status <> Done)

            Expect.equal
                (failed |> List.map (fun result -> result.CellId, result.Status, result.Error))
                [ all[2].CellId, Failed, "killed" ]
                "only the one"

        testCase "a cell over its time limit is TimedOut"
        <| fun () ->
            let all = items 1

            let outcome item =
                if item = all[0] then OverTime else Completed(result item)

            let results, _ = runWith (options 2) outcome all

            Expect.equal
                (results |> List.countBy (fun result -> result.Status) |> Set)
                (Set [ TimedOut, 1; Done, 1 ])
                "one of each"

        testCase "fail-fast stops at the first failure"
        <| fun () ->
            let results, _ =
                runWith { options 1 with FailFast = true } (fun _ -> Lost("killed", "")) (items 5)

            Expect.equal results.Length 1 "no more cells"

        testCase "stopping abandons what is under way and keeps what is finished"
        <| fun () ->
            use stop = new CancellationTokenSource()
            let all = items 3
            let results = ConcurrentBag<CellResult>()

            let outcome item =
                if results.Count = 2 then
                    stop.Cancel()
                    Lost("killed by the coordinator", "")
                else
                    Completed(result item)

            let start _ =
                Task.FromResult(Ok(worker outcome): Result<IWorker, string>)

            Runner(options 1, start, (fun _ result -> results.Add result)).Run(all, stop.Token).Wait()
            Expect.equal (results |> Seq.map (fun result -> result.Status) |> List.ofSeq) [ Done; Done ] "two"

        testCase "a worker that never starts ends the run"
        <| fun () ->
            let start _ =
                Task.FromResult(Error "no libtorch": Result<IWorker, string>)

            let run () =
                Runner(options 2, start, (fun _ _ -> failtest "no result"))
                    .Run(items 3, CancellationToken.None)
                    .Wait()

            try
                run ()
                failtest "nothing was raised"
            with :? AggregateException as wrapped ->
                match wrapped.InnerException with
                | WorkersDoNotStart reason -> Expect.equal reason "no libtorch" "reason"
                | other -> failtest $"{other}"

        testCase "a worker that dies before it is ready is started again, and costs nothing"
        <| fun () ->
            let results = ConcurrentBag<CellResult>()
            let attempts = ref 0

            let start _ =
                if Interlocked.Increment attempts % 2 = 1 then
                    Task.FromResult(Error "killed": Result<IWorker, string>)
                else
                    Task.FromResult(Ok(worker (result >> Completed)))

            Runner(options 1, start, (fun _ result -> results.Add result))
                .Run(items 2, CancellationToken.None)
                .Wait()

            Expect.hasLength results 4 "all cells"
            Expect.all results (fun result -> result.Status = Done) "all finished"
            Expect.equal attempts.Value 2 "one start was repeated"

        testCase "workers that no longer start cost their cells, not the run"
        <| fun () ->
            let results = ConcurrentBag<CellResult>()
            let started = ref 0

            let start _ =
                if Interlocked.Increment started = 1 then
                    Task.FromResult(
                        Ok(worker (fun _ -> Lost("killed", "last words"))): Result<IWorker, string>
                    )
                else
                    Task.FromResult(Error "no memory")

            Runner(options 1, start, (fun _ result -> results.Add result))
                .Run(items 1, CancellationToken.None)
                .Wait()

            Expect.equal
                (results |> Seq.map _.Error |> List.ofSeq |> List.sort)
                [ "killed"; "no memory" ]
                "both are recorded"

            Expect.exists
                results
                (fun result -> result.Details = "last words")
                "with what the worker wrote last"

        testCase "stopping ends the wait for a worker that is not ready"
        <| fun () ->
            use stop = new CancellationTokenSource()

            let start (stopping: CancellationToken) =
                task {
                    stop.Cancel()

                    try
                        do! Task.Delay(-1, stopping)
                    with :? OperationCanceledException ->
                        ()

                    return (Error "stopped": Result<IWorker, string>)
                }

            let run =
                Runner(options 2, start, (fun _ _ -> failtest "no result")).Run(items 2, stop.Token)

            Expect.isTrue (run.Wait(TimeSpan.FromMinutes 1.)) "ended"

        testCase "a result that cannot be kept ends the run"
        <| fun () ->
            let start _ =
                Task.FromResult(Ok(worker (result >> Completed)): Result<IWorker, string>)

            let keep _ _ =
                raise (IO.IOException("No space left on device", 28))

            try
                Runner(options 2, start, keep).Run(items 4, CancellationToken.None).Wait()
                failtest "nothing was raised"
            with :? AggregateException as several ->
                Expect.equal (snd (CausalDebiasing.Bench.Cli.FailureText.explain [] several)) 1 "exit code"

        testCase "a worker whose process a cell has changed is replaced"
        <| fun () ->
            let all = items 2

            let outcome (item: WorkItem) =
                let result = result item

                if item = all[0] then
                    Completed {
                        result with
                            Diagnostics =
                                result.Diagnostics.Add(ProcessState.diagnostic, "threads for tensors 1 -> 4")
                    }
                else
                    Completed result

            let results, started = runWith (options 1) outcome all
            Expect.hasLength results 4 "no cell is lost"
            Expect.equal started 2 "one replaced"

        testCase "a second run computes only what is missing"
        <| fun () ->
            withFolder (fun folder ->
                use _ = RunFolder.take folder
                let all = items 4
                let computed = ConcurrentBag<string>()

                let run items =
                    let outcome (item: WorkItem) =
                        computed.Add item.CellId

                        if item = all[3] && computed.Count < 6 then
                            Lost("killed", "")
                        else
                            Completed(result item)

                    let keep (item: WorkItem) result =
                        Store.write folder {
                            Identity = item.Identity
                            Result = result
                        }

                    let start _ =
                        Task.FromResult(Ok(worker outcome): Result<IWorker, string>)

                    Runner(options 2, start, keep).Run(items, CancellationToken.None).Wait()

                let left rerun =
                    all
                    |> List.filter (fun item ->
                        match Todo.standing (Store.read folder) rerun item with
                        | Unfinished _ -> true
                        | Finished _ -> false)

                run (List.truncate 5 all)
                Expect.equal (left Nothing) (List.skip 5 all) "the rest is left"
                run (left FailedCells)
                Expect.equal computed.Count (all.Length + 1) "each once, the failed one twice"
                Expect.isEmpty (left FailedCells) "all done")

        testCase "a worker stays on one data condition"
        <| fun () ->
            let schedule = Schedule(items 3)

            let rec drain group =
                match schedule.Next group with
                | None -> []
                | Some(item, group) -> item.Cell.Data.Seed :: drain (Some group)

            Expect.equal (drain None) [ 1; 1; 2; 2; 3; 3 ] "condition by condition"

        testCase "an idle worker helps with the last condition"
        <| fun () ->
            let schedule = Schedule(items 1)
            let first = schedule.Next None
            let second = schedule.Next None
            Expect.isSome first "one"
            Expect.isSome second "the other, though its group is taken"
            Expect.isNone (schedule.Next None) "no more"
    ]
