namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Evidence

/// What moved against the reference, worst first.
module RegressionTable =
    /// What happened, in words.
    let word =
        function
        | Worse -> "worse"
        | Suspicious -> "suspiciously better"
        | Better -> "moved, bless if intended"
        | Vanished -> "vanished"
        | Broken -> "broken"
        | New -> "new"

    /// The method of a row.
    let methodOf (row: CellRow) = $"{row.Baseline} {row.Variant}"

    /// The setting of a row: data set, what was varied, test and seed.
    let setting (row: CellRow) =
        let varied = [
            "missing", NumberText.number row.MissingRate
            "confounding", NumberText.number row.Confounding
            "label noise", NumberText.number row.LabelNoise
        ]

        [
            $"{row.Experiment} {row.Dataset}"
            row.Mechanism
            for name, value in varied do
                if value <> "-" then
                    $"{name} {value}"
            if row.Condition <> "" then
                $"test {row.Condition}"
            $"seed {row.Seed}"
        ]
        |> List.filter (fun part -> part <> "")
        |> String.concat ", "

    /// What moved, in one line.
    let text (change: Change) =
        let moved =
            if change.Metric = "" then
                ""
            else
                $": {change.Metric} {NumberText.number change.Before} -> {NumberText.number change.After} (tolerance {NumberText.number change.Tolerance})"

        let note = if change.Note = "" then "" else $": {change.Note}"
        $"{word change.Kind}{moved}{note}; {setting change.Row}"

    /// One line that says whether metrics held.
    let verdict (comparison: Comparison) =
        let word = if comparison.Passed then "No regression" else "Regression"

        let outdated =
            if comparison.IsOutdated then
                " The blessed metrics are of another results version."
            else
                ""

        $"{word}: {comparison.Compared} rows compared, {comparison.Changes.Length} changes.{outdated}"

    let private columns = [
        "change", false
        "experiment", false
        "method", false
        "test", false
        "metric", false
        "before", true
        "after", true
        "tolerance", true
        "note", false
    ]

    let private cells (change: Change) = [
        word change.Kind
        $"{change.Row.Experiment} {change.Row.Dataset}"
        methodOf change.Row
        $"{change.Row.Condition} seed {change.Row.Seed}"
        change.Metric
        NumberText.number change.Before
        NumberText.number change.After
        NumberText.number change.Tolerance
        change.Note
    ]

    /// Changes that a console shows; the worst come first.
    let private shown = 40

    /// For a console.
    let console (comparison: Comparison) =
        let rows = comparison.Changes |> List.truncate shown |> List.map cells

        [
            if not rows.IsEmpty then
                ConsoleTable.table ConsoleTable.wide columns rows
            if comparison.Changes.Length > shown then
                $"... and {comparison.Changes.Length - shown} smaller changes."
            verdict comparison
            ""
        ]
        |> String.concat "\n"

    /// All of it as Markdown.
    let markdown (comparison: Comparison) =
        let table =
            if comparison.Changes.IsEmpty then
                ""
            else
                "\n" + MarkdownTable.write columns (comparison.Changes |> List.map cells)

        $"## Regression check\n\n{verdict comparison}\n{table}"
