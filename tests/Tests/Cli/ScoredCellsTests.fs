module CausalDebiasing.Tests.Cli.ScoredCellsTests

open System
open System.Diagnostics
open System.IO
open System.Threading.Tasks
open Expecto
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.TempFolder

let private access = ToyManifest.access

let private planned baseline seed = {
    Experiment = "sweep"
    Cell = {
        SweepFixture.cell with
            Baseline = baseline
            Data = {
                SweepFixture.cell.Data with
                    Seed = seed
            }
    }
}

let private planOf cells = { Plan.empty with Cells = cells }

let private write folder cells =
    PlanFile.write folder {
        Command = "sweep"
        Profile = "sweep"
        Plan = planOf cells
    }

let private finish folder catalog (planned: PlannedCell) =
    Store.write folder (SweepFixture.stored (Todo.item catalog planned.Cell))

let private withRun body =
    withFolder (fun folder ->
        use _ = RunFolder.take folder
        body folder (Suite.catalogWith access [] []))

/// Puts a pipe, which nobody writes to, where a result would be: whoever reads it waits.
let private blockReading folder =
    let pipe = Store.path folder "blocked"
    use made = Process.Start("mkfifo", [ pipe ])
    made.WaitForExit()
    Expect.equal made.ExitCode 0 "the pipe was made"

let private keepWithin (limit: TimeSpan) catalog folder plan =
    let kept = Task.Run(fun () -> ScoredCells.keep access catalog folder plan)
    Expect.isTrue (kept.Wait limit) "no other result was read"
    kept.Result

[<Tests>]
let tests =
    testList "scored cells" [
        testCase "of the run before, those with a result are kept, and no other result is read"
        <| fun () ->
            withRun (fun folder own ->
                let asked = planOf [ planned "logistic" 1 ]
                let scored = planned "my-model" 1
                write folder (asked.Cells @ [ planned "mt" 1; scored ])
                let all = Suite.catalogOfStored access (planOf [ scored ]) []
                finish folder all scored
                finish folder own (planned "mt" 1)

                if not (OperatingSystem.IsWindows()) then
                    blockReading folder

                let catalog, plan = keepWithin (TimeSpan.FromMinutes 1.) own folder asked
                Expect.equal plan.Cells (asked.Cells @ [ scored ]) "cells"
                Expect.isTrue (Catalog.isScored catalog "my-model") "in the catalogue"

                File.Delete(Store.path folder "blocked")
                File.WriteAllText(Store.path folder (Todo.item all scored.Cell).CellId, "{")
                let _, plan = ScoredCells.keep access own folder asked
                Expect.equal plan asked "a damaged result is not kept")

        testCase
            "results of a command that is described elsewhere are kept, and what was never computed is not"
        <| fun () ->
            withRun (fun folder own ->
                let asked = planOf [ planned "logistic" 1 ]
                let theirs, missing = planned "their-command" 1, planned "their-command" 2
                write folder (asked.Cells @ [ theirs; missing ])

                let described = {
                    own with
                        Baselines =
                            {
                                Suite.scored "their-command" with
                                    Version = "sha256:1"
                            }
                            :: own.Baselines
                }

                finish folder described theirs
                let catalog, plan = ScoredCells.keep access own folder asked
                Expect.equal plan.Cells (asked.Cells @ [ theirs ]) "cells"

                Expect.equal
                    (Todo.item catalog theirs.Cell)
                    (Todo.item described theirs.Cell)
                    "of the version that was run")

        testCase "a run without scored cells leaves plan and catalogue as they are, and no result is read"
        <| fun () ->
            withRun (fun folder own ->
                let asked = planOf [ planned "logistic" 1 ]
                write folder [ planned "mt" 1 ]
                finish folder own (planned "mt" 1)

                if not (OperatingSystem.IsWindows()) then
                    blockReading folder

                let catalog, plan = keepWithin (TimeSpan.FromMinutes 1.) own folder asked
                Expect.equal plan asked "plan"
                Expect.isTrue (Object.ReferenceEquals(catalog, own)) "catalogue")

        testCase "a folder without a plan, or with one that cannot be believed, holds nothing to keep"
        <| fun () ->
            withRun (fun folder own ->
                let asked = planOf [ planned "logistic" 1 ]
                Expect.equal (snd (ScoredCells.keep access own folder asked)) asked "no plan"
                File.WriteAllText(RunFolder.plan folder, "{}")
                Expect.equal (snd (ScoredCells.keep access own folder asked)) asked "no plan that is one")
    ]
