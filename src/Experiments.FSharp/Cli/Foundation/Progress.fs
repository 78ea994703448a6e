/// Shows how far a run is: a live bar on a terminal, plain lines elsewhere.
module CausalDebiasing.Bench.Cli.Progress

open System
open System.Diagnostics
open System.Threading.Tasks
open Spectre.Console
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running

/// What is known of a run under way.
type State = {
    Total: int
    Finished: int
    Failed: int
    Elapsed: TimeSpan
}

let private minutes (time: TimeSpan) =
    $"{int time.TotalMinutes}:{time.Seconds:D2}"

/// One line, for example "12/96 cells, 1 failed, 0:35 elapsed, about 4:05 left".
let describe state =
    let failed = if state.Failed = 0 then "" else $", {state.Failed} failed"

    let left =
        if state.Finished = 0 || state.Finished = state.Total then
            ""
        else
            let share = float (state.Total - state.Finished) / float state.Finished
            $", about {minutes (state.Elapsed * share)} left"

    $"{state.Finished}/{state.Total} cells{failed}, {minutes state.Elapsed} elapsed{left}"

let private between = TimeSpan.FromSeconds 10.

let private failure (result: CellResult) =
    let cell = result.Cell

    $"{result.Status}: {cell.Baseline}, {cell.Variant}, {cell.Data.Dataset}, seed {cell.Data.Seed} ({result.CellId}): {result.Error}"

let private change (result: CellResult) (what: string) =
    $"{result.Cell.Baseline}, {result.Cell.Variant} ({result.CellId}) changed its process ({what}); the worker is replaced, so that no other cell sees it."

let private counting total (say: string -> unit) (show: State -> unit) =
    let clock = Stopwatch.StartNew()
    let mutable finished = 0
    let mutable failed = 0

    fun (result: CellResult) ->
        finished <- finished + 1

        if result.Status <> Done then
            failed <- failed + 1
            say (failure result)

        Map.tryFind ProcessState.diagnostic result.Diagnostics
        |> Option.iter (change result >> say)

        show {
            Total = total
            Finished = finished
            Failed = failed
            Elapsed = clock.Elapsed
        }

let private plain total (work: (CellResult -> unit) -> Task) : Task =
    let mutable shown = TimeSpan.Zero

    let show state =
        if state.Elapsed - shown >= between || state.Finished = total then
            shown <- state.Elapsed
            Console.WriteLine(describe state)

    work (counting total Console.Error.WriteLine show)

let private live total (work: (CellResult -> unit) -> Task) : Task =
    AnsiConsole
        .Progress()
        .Columns(ProgressBarColumn(), TaskDescriptionColumn(Alignment = Justify.Left))
        .StartAsync(fun context ->
            let bar = context.AddTask($"0/{total} cells", maxValue = float total)

            let show state =
                bar.Description <- describe state
                bar.Value <- float state.Finished

            work (counting total AnsiConsole.WriteLine show))

/// Runs `work`, which calls the function that it is given once per cell that ends, one call at a time.
let during total work : Task =
    if Console.IsOutputRedirected || not AnsiConsole.Profile.Capabilities.Interactive then
        plain total work
    else
        live total work
