/// Signals that ask a run to end.
module CausalDebiasing.Bench.Cli.Faults.Interruptions

open System
open System.IO
open CausalDebiasing.Bench.Cli

/// One line and exit code 130, unless the run had ended before.
let private endsInOrder setting folder (ended: Play.Ended) =
    Case.first [
        fun () ->
            Case.require
                (ended.Code = 0 && ended.Errors.IsEmpty
                 || ended.Code = 130 && ended.Errors.Length = 1)
                (Play.describe ended)
        fun () -> SmallGrid.goesOn setting folder
    ]

let private limit = TimeSpan.FromSeconds 60.

let private toProcess signal setting folder =
    let running =
        SmallGrid.start setting (SmallGrid.sweep setting setting.Manifest folder)

    SmallGrid.waitAtRandom setting running folder
    Play.signal signal running.Id
    endsInOrder setting folder (running.Wait limit)

let private toGroup signal setting folder =
    let program, arguments = Play.self (SmallGrid.sweep setting setting.Manifest folder)

    let running =
        Play.start (SmallGrid.environment setting) "setsid" (program :: arguments)

    SmallGrid.waitAtRandom setting running folder
    Play.signal signal -running.Id
    endsInOrder setting folder (running.Wait limit)

let private toScript setting folder =
    match Repository.tryRoot () with
    | None -> None
    | Some root ->
        let script = Path.Combine(root, "build.fsx")

        let running =
            Play.start
                (SmallGrid.environment setting)
                "dotnet"
                ([ "fsi"; script ] @ SmallGrid.sweep setting setting.Manifest folder)

        SmallGrid.waitAtRandom setting running folder

        for id in Play.children script running.Id do
            Play.signal Play.Signal.Interrupt id

        endsInOrder setting folder (running.Wait limit)

let cases = [
    Case.create "SIGTERM to the group" 1 6 (toGroup Play.Signal.Terminate)
    Case.create "SIGINT to the group" 0 3 (toGroup Play.Signal.Interrupt)
    Case.create "SIGINT to the coordinator" 0 2 (toProcess Play.Signal.Interrupt)
    Case.create "SIGHUP to the coordinator" 1 2 (toProcess Play.Signal.Hangup)
    Case.create "SIGINT to the script" 0 1 toScript
]
