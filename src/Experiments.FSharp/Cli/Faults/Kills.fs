/// Processes of a run that are killed or stopped.
module CausalDebiasing.Bench.Cli.Faults.Kills

open System
open System.IO
open System.Threading
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running

let private coordinator setting folder =
    let running =
        SmallGrid.start setting (SmallGrid.sweep setting setting.Manifest folder)

    Thread.Sleep(setting.Random.Next(int (1000. * setting.Seconds)))
    Play.signal Play.Signal.Kill running.Id
    running.Wait Play.patience |> ignore
    SmallGrid.goesOn setting folder

let private coordinatorAtReport setting folder =
    SmallGrid.copy setting.Finished folder
    File.Delete(Path.Combine(folder, "cells.csv"))
    let running = SmallGrid.start setting [ "report"; "--out"; folder ]

    let isWriting () =
        Directory.GetFiles(folder, "*cells.*csv") |> Array.tryHead

    Play.await running isWriting |> ignore
    Thread.Sleep(setting.Random.Next 300)
    Play.signal Play.Signal.Kill running.Id
    running.Wait Play.patience |> ignore
    SmallGrid.goesOn setting folder

let private worker (running: Play.Running) =
    Play.await running (fun () -> Play.children "worker" running.Id |> List.tryHead)

let private workerAtStart setting folder =
    let running =
        SmallGrid.start setting (SmallGrid.sweep setting setting.Manifest folder)

    let worker = worker running
    worker |> Option.iter (Play.signal Play.Signal.Kill)
    let ended = running.Wait Play.patience

    Case.first [
        fun () -> Case.require worker.IsSome "no worker was seen"
        fun () -> Case.require (ended.Code = 0) (Play.describe ended)
        fun () -> SmallGrid.isAsUndisturbed setting folder
    ]

let private workerStoppedAtStart setting folder =
    let running =
        SmallGrid.start setting (SmallGrid.sweep setting setting.Manifest folder)

    let worker = worker running
    worker |> Option.iter (Play.signal Play.Signal.Stop)
    Thread.Sleep 500
    Play.signal Play.Signal.Terminate running.Id
    let ended = running.Wait(TimeSpan.FromSeconds 30.)
    let isLeft = worker |> Option.exists (fun id -> Directory.Exists $"/proc/{id}")
    worker |> Option.iter (Play.signal Play.Signal.Kill)

    Case.first [
        fun () -> Case.require worker.IsSome "no worker was seen"
        fun () -> Case.require (ended.Code = 130 && ended.Errors.Length = 1) (Play.describe ended)
        fun () -> Case.require (not isLeft) "the stopped worker is left behind"
    ]

/// Sends a signal to the only worker once a cell is done, and waits for the end of the run.
let private atWork signal more setting folder =
    let running =
        SmallGrid.start setting (SmallGrid.sweep setting setting.Manifest folder @ [ "--jobs"; "1" ] @ more)

    let isAtWork () =
        if Directory.Exists(RunFolder.cells folder) then
            Directory.GetFiles(RunFolder.cells folder, "*.json") |> Array.tryHead
        else
            None

    Play.await running isAtWork |> ignore
    worker running |> Option.iter (Play.signal signal)
    running.Wait Play.patience

/// One cell is lost at most, and says why.
let private workerAtWork setting folder =
    let ended = atWork Play.Signal.Kill [] setting folder

    let lost =
        Store.results (Store.read folder)
        |> Seq.filter (fun stored -> stored.Result.Status <> Done)
        |> Seq.map _.Result.Error
        |> List.ofSeq

    Case.first [
        fun () ->
            Case.require
                (ended.Code = (if lost.IsEmpty then 0 else 1) && lost.Length < 2)
                $"{lost.Length} cells are lost: {Play.describe ended}"
        fun () ->
            lost
            |> List.tryFind (fun reason -> not (reason.Contains "was killed (signal 9)"))
            |> Option.map (fun reason -> $"the lost cell says '{reason}'")
        fun () -> SmallGrid.goesOnWith [ "--failed" ] setting folder
    ]

let private workerStoppedAtWork setting folder =
    let ended = atWork Play.Signal.Stop [ "--cell-timeout"; "20" ] setting folder

    Case.first [
        fun () -> Case.require (ended.Code = 0 || ended.Code = 1) (Play.describe ended)
        fun () ->
            Case.require
                (Set.isSubset (SmallGrid.finished folder) (SmallGrid.kept setting.Finished))
                "another cell has other results"
        fun () -> SmallGrid.goesOnWith [ "--failed" ] setting folder
    ]

let cases = [
    Case.create "coordinator killed at random" 1 8 coordinator
    Case.create "coordinator killed while it reports" 1 4 coordinatorAtReport
    Case.create "worker killed before it is ready" 1 3 workerAtStart
    Case.create "worker stopped before it is ready, then SIGTERM" 1 3 workerStoppedAtStart
    Case.create "worker killed at work" 1 4 workerAtWork
    Case.create "worker stopped at work" 0 2 workerStoppedAtWork
]
