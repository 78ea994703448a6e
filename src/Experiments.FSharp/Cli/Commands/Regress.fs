/// `regress`: have the metrics of the smoke grid moved away from the blessed ones?
module CausalDebiasing.Bench.Cli.Commands.Regress

open System
open System.IO
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Experiments
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running

/// Computes the smoke grid anew: results that are on disk may come from older code, which ids do not see.
let private smoke commandLine folder jobs =
    let catalog = Suite.catalog (Suite.dataAccess None)

    let request: RunPlan.Request = {
        Folder = folder
        Plan = {
            Command = commandLine
            Profile = Profile.name Smoke
            Plan = Experiments.plan catalog Smoke
        }
        Rerun = Everything
        Runner = SharedOptions.runner jobs None false
    }

    RunPlan.run catalog (SharedOptions.startWorker folder None false) request

/// What GitHub Actions shows of a job beside its log, where this is one.
let private annotate comparison =
    match Environment.GetEnvironmentVariable "GITHUB_STEP_SUMMARY" with
    | null
    | "" -> ()
    | summary -> File.AppendAllText(summary, RegressionTable.markdown comparison)

    if Environment.GetEnvironmentVariable "GITHUB_ACTIONS" = "true" then
        for line in RegressionFiles.annotations comparison do
            printfn $"{line}"

let private judge folder report rows =
    let reference = Regression.load folder
    let comparison = Regression.compare reference rows
    printf $"{RegressionTable.console comparison}"

    report
    |> Option.iter (fun out -> RegressionFiles.write out reference comparison)

    annotate comparison

    if comparison.Passed then
        Exit.Success
    else
        if comparison.NeedsVersion then
            eprintfn
                $"Metrics moved and the results version is still {CellId.resultsVersion}: find the cause, or raise CellId.resultsVersion, so that no stored cell counts as fresh, and accept them with 'regress --bless'."
        elif comparison.IsOutdated then
            eprintfn
                $"The blessed metrics are of another results version than this build, which is {CellId.resultsVersion}: see that what moved was meant to, and accept them with 'regress --bless'."
        else
            eprintfn "Metrics moved: find the cause, or accept them with 'regress --bless'."

        Exit.CheckFailed

let run commandLine arguments =
    let options = Parsing.parse<RegressArgument> "regress" arguments

    let reference =
        options.GetResult(RegressArgument.Reference, defaultValue = "results/reference")

    let results, isInterrupted =
        match options.TryGetResult RegressArgument.From with
        | Some finished -> FinishedRun.read finished None |> snd, false
        | None ->
            let out = options.GetResult(RegressArgument.Out, defaultValue = "results/regress")
            let ended = smoke commandLine out (options.TryGetResult RegressArgument.Jobs)
            ended.Results, ended.IsInterrupted

    let rows = CellRow.ofResults results

    if isInterrupted then
        Exit.Interrupted
    elif options.Contains RegressArgument.Bless then
        Regression.bless reference rows
        printfn $"Blessed {rows.Length} rows as {reference}."
        Exit.Success
    else
        judge reference (options.TryGetResult RegressArgument.Report) rows
