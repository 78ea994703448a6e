/// `regress`: have the metrics of a run moved away from the blessed ones?
module CausalDebiasing.Bench.Cli.Commands.Regress

open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Reporting

let run arguments =
    let options = Parsing.parse<RegressArgument> "regress" arguments
    let folder = options.GetResult(RegressArgument.Out, defaultValue = "results/smoke")

    let reference =
        options.GetResult(RegressArgument.Reference, defaultValue = "results/reference")

    let rows = FinishedRun.read folder None |> snd |> CellRow.ofResults

    if options.Contains RegressArgument.Bless then
        Regression.bless reference rows
        printfn $"Blessed {rows.Length} rows of {folder} as {reference}."
        Exit.Success
    else
        let comparison = Regression.compare (Regression.load reference) rows
        printf $"{ConsoleTable.regression comparison}"

        if comparison.Passed then Exit.Success else Exit.CheckFailed
