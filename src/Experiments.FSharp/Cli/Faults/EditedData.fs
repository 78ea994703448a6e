/// Tables that are edited between runs and during them.
module CausalDebiasing.Bench.Cli.Faults.EditedData

open System.IO

let private filed (manifest: string) out setting =
    let ended = SmallGrid.run setting (SmallGrid.sweep setting manifest out)

    ended,
    SmallGrid.finished out
    |> Set.filter (fun cell -> cell.Content <> (SmallGrid.kept setting.Finished).MinimumElement.Content)

let private duringARun setting folder =
    let manifest = SmallGrid.write (Path.Combine(folder, "data"))
    let out = Path.Combine(folder, "out")
    let running = SmallGrid.start setting (SmallGrid.sweep setting manifest out)
    SmallGrid.waitAtRandom setting running out
    SmallGrid.edit manifest
    running.Wait Play.patience |> ignore
    let undisturbed = SmallGrid.kept setting.Finished
    let content = undisturbed.MinimumElement.Content

    let wrong =
        SmallGrid.finished out
        |> Set.filter (fun cell -> cell.Content = content && not (undisturbed.Contains cell))

    let again, edited = filed manifest out setting

    Case.first [
        fun () ->
            Case.require
                wrong.IsEmpty
                $"{wrong.Count} cells are filed under rows that they were not computed on"
        fun () -> Case.require (again.Code = 0) $"run again: {Play.describe again}"
        fun () -> Case.require (edited.Count = undisturbed.Count) "a cell of the edited rows is missing"
    ]

let private betweenRuns setting folder =
    let manifest = SmallGrid.write (Path.Combine(folder, "data"))
    let out = Path.Combine(folder, "out")
    let first = SmallGrid.run setting (SmallGrid.sweep setting manifest out)
    let before = SmallGrid.isAsUndisturbed setting out
    SmallGrid.edit manifest
    let again, edited = filed manifest out setting
    let old = SmallGrid.kept setting.Finished |> Set.map _.Numbers

    Case.first [
        fun () -> Case.require (first.Code = 0) (Play.describe first)
        fun () -> before
        fun () -> Case.require (again.Code = 0) $"run again: {Play.describe again}"
        fun () ->
            Case.require (again.Output.Contains " 0 on disk") "old results count as those of the edited rows"
        fun () -> Case.require (edited.Count = old.Count) "a cell of the edited rows is missing"
        fun () ->
            Case.require
                (edited |> Set.forall (fun cell -> not (old.Contains cell.Numbers)))
                "numbers of the old rows are served"
    ]

let cases = [
    Case.create "table edited during a run" 1 5 duringARun
    Case.create "edited table of the same size and time" 1 2 betweenRuns
]
