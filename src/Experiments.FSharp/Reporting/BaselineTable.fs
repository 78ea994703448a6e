namespace CausalDebiasing.Bench.Reporting

open System
open System.Globalization
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Catalogue

/// All baselines of an experiment side by side: what they are, what they cost and what they reach.
type BaselineTable = {
    Experiment: string
    /// Name, and whether it holds numbers.
    Columns: (string * bool) list
    Rows: string list list
    /// What the numbers are, in sentences.
    Note: string
}

module BaselineTable =
    let private families =
        lazy
            (Map [
                for baseline in
                    BaselineCatalog.Discover typeof<CausalDebiasing.Baselines.ZeroFillMlp>.Assembly ->
                    baseline.Info.Id, string baseline.Info.Family
            ])

    let private variants = [ Variant.plain; Variant.paper; Variant.recommended ]

    /// A test set of the table.
    type private Test = { Data: DataSpec; Condition: string }

    let private meanAuroc test variant (results: CellResult list) =
        results
        |> List.filter (fun result ->
            result.Cell.Variant = variant && { result.Cell.Data with Seed = 0 } = test.Data)
        |> List.collect _.Measures
        |> List.filter (fun measure -> measure.Condition = test.Condition)
        |> List.map _.Auroc
        |> Statistics.mean

    let private plainResults data (results: CellResult list) =
        results
        |> List.filter (fun result ->
            result.Cell.Variant = Variant.plain && { result.Cell.Data with Seed = 0 } = data)

    let private tests (results: CellResult list) =
        results
        |> List.collect (fun result ->
            result.Measures
            |> List.map (fun measure -> {
                Data = { result.Cell.Data with Seed = 0 }
                Condition = measure.Condition
            }))
        |> List.distinct
        |> List.sortBy (fun test -> test.Data, Style.conditionOrder test.Condition)

    /// The test set by which baselines are ranked: the do condition, or else the first.
    let private rankedBy (tests: Test list) =
        tests
        |> List.groupBy _.Data
        |> List.map (fun (_, group) ->
            group
            |> List.tryFind (fun test -> test.Condition = "do")
            |> Option.defaultValue group.Head)

    let private decimals (format: string) (value: float) =
        if Double.IsNaN value then
            "-"
        else
            value.ToString(format, CultureInfo.InvariantCulture)

    let private count = decimals "N0"
    let private seconds = decimals "0.0"
    let private spread = decimals "0.0000"

    let private meanDiagnostic name results =
        results |> List.choose (Diagnostic.tryNumber name) |> Statistics.mean

    let private table experiment (results: CellResult list) =
        let tests = tests results
        let data = tests |> List.map _.Data |> List.distinct
        let baselines = results |> List.groupBy _.Cell.Baseline

        let present =
            variants
            |> List.filter (fun variant -> results |> List.exists (fun r -> r.Cell.Variant = variant))

        let name test = $"{test.Data.Dataset} {test.Condition}"

        let rank test group =
            let value = meanAuroc test Variant.plain
            let own = value group

            if Double.IsNaN own then
                "-"
            else
                baselines
                |> List.filter (fun (_, group) -> value group > own)
                |> List.length
                |> (+) 1
                |> string

        let ranked = rankedBy tests

        let row (baseline: string, group) = [
            baseline
            Map.tryFind baseline families.Value |> Option.defaultValue "-"
            for d in data do
                count (meanDiagnostic Diagnostic.parameters (plainResults d group))
            for d in data do
                seconds (plainResults d group |> List.map _.FitSeconds |> Statistics.mean)
            spread (meanDiagnostic Diagnostic.orderSpreadName group)
            for test in tests do
                present
                |> List.map (fun variant -> NumberText.number (meanAuroc test variant group))
                |> String.concat " / "
            for test in ranked do
                rank test group
        ]

        let seedNumbers =
            results
            |> List.map _.Cell.Data.Seed
            |> List.distinct
            |> List.sort
            |> List.map string
            |> String.concat ", "

        {
            Experiment = experiment
            Columns =
                [ "baseline", false; "family", false ]
                @ [
                    for d in data do
                        $"parameters, {d.Dataset}", true
                    for d in data do
                        $"fit s, {d.Dataset}", true
                    "order spread", true
                    for test in tests do
                        name test, true
                    for test in ranked do
                        $"rank, {name test}", true
                ]
            Rows = baselines |> List.sortBy fst |> List.map row
            Note =
                $"Mean AUROC over seeds {seedNumbers}: "
                + String.concat " / " (List.map Variant.name present)
                + ". Parameters, fit seconds and ranks are of the plain baseline. Order spread: how far the AUROC of a graph method moves over five random orders of the evaluated patients."
        }

    let private isUndivided (result: CellResult) =
        snd (DatasetName.parse result.Cell.Data.Dataset) = Own

    /// One table for every experiment that holds one setting of every data set and two baselines or more; hyper-parameter
    /// settings other than the defaults are left out, and so are data sets with folds or a site left out, which
    /// `ClinicalTable` compares.
    let all (results: (string * CellResult) list) =
        results
        |> List.filter (fun (_, result) ->
            result.Status = Done
            && result.Cell.Hyperparameters.IsEmpty
            && isUndivided result
            && List.contains result.Cell.Variant variants)
        |> List.groupBy fst
        |> List.map (fun (experiment, group) -> experiment, List.map snd group)
        |> List.filter (fun (_, group) ->
            let distinct pick = group |> List.map pick |> List.distinct

            let settings = distinct (fun result -> { result.Cell.Data with Seed = 0 })

            settings.Length = (settings |> List.distinctBy _.Dataset).Length
            && (distinct _.Cell.Baseline).Length > 1)
        |> List.map (fun (experiment, group) -> table experiment group)

    /// The tables as Markdown.
    let markdown (tables: BaselineTable list) =
        tables
        |> List.map (fun table ->
            MarkdownTable.write table.Columns table.Rows
            + $"\n{MarkdownText.escape table.Note}\n")
        |> String.concat "\n"
