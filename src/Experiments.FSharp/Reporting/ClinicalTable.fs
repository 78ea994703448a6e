namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Evidence

/// The comparisons on recorded clinical data as tables: one for each data set and test condition.
type ClinicalTable = {
    Title: string
    /// Name, and whether it holds numbers.
    Columns: (string * bool) list
    Rows: string list list
    /// The mean over all baselines, in a sentence.
    Summary: string
}

module ClinicalTable =
    let private columns = [
        "baseline", false
        Variant.name Variant.plain, true
        Variant.name Variant.recommended, true
        "difference [95 %]", true
        "p (Holm)", true
    ]

    /// What intervals cover.
    let note =
        "AUROC; recommended minus plain, paired. Over random splits and cross-validation folds, intervals and p-values are "
        + "those of the corrected resampled t-test (Nadeau and Bengio 2003), since training sets overlap; they cover the "
        + "sampling of patients and the training (the training only, where a column of the data says which rows are for testing). Where sites are left out in turn, the site is the replicate (its seeds are "
        + "averaged): a t-interval over sites covers what differs from site to site and, being over few of them, is wide; that "
        + "their training sets overlap is not corrected. One test set for all seeds has no interval: seeds change the training "
        + "alone. p-values are adjusted by Holm over the baselines of a table. A difference over all baselines is averaged "
        + "within each replicate first."

    let private times count unit =
        if count = 1 then $"1 {unit}" else $"{count} {unit}s"

    let private replicates (comparison: ClinicalComparison) =
        let count = comparison.Overall.Difference.Count

        match comparison.Replication with
        | RandomSplits -> times count "random split"
        | CrossValidation folds when count > folds ->
            $"{count} folds of repeated {folds}-fold cross-validation"
        | CrossValidation folds -> $"""{times count "fold"} of {folds}-fold cross-validation"""
        | SitesInTurn sites -> $"""{times count "site"} left out in turn"""
        | OneTestSet -> "one test set"

    let private dataset (comparison: ClinicalComparison) =
        match comparison.Data.TrainSize with
        | Some rows -> $"{comparison.Data.Dataset}, {rows} training rows"
        | None -> comparison.Data.Dataset

    let private summary (comparison: ClinicalComparison) =
        let sites =
            comparison.BySite
            |> List.map (fun (site, difference) -> $"{site} {NumberText.signed difference}")
            |> String.concat ", "

        $"""Mean over {times comparison.Baselines "baseline"}: {NumberText.interval comparison.Overall.Difference} over {replicates comparison}."""
        + (if sites = "" then "" else $" By site: {sites}.")

    let private row (row: ClinicalRow) = [
        row.Baseline
        NumberText.number row.Plain
        NumberText.number row.Recommended
        NumberText.interval row.Difference
        NumberText.pValue row.PHolm
    ]

    /// A table for every comparison.
    let all (comparisons: ClinicalComparison list) =
        comparisons
        |> List.map (fun comparison -> {
            Title = $"{dataset comparison}: {comparison.Condition}, {replicates comparison}"
            Columns = columns
            Rows = comparison.Rows |> List.map row
            Summary = summary comparison
        })

    let private overviewColumns =
        List.map (fun name -> name, false) [ "data set"; "test"; "replicates" ]
        @ List.map (fun name -> name, true) [
            "baselines"
            Variant.name Variant.plain
            Variant.name Variant.recommended
            "difference [95 %]"
        ]

    let private overviewRow (comparison: ClinicalComparison) = [
        dataset comparison
        comparison.Condition
        replicates comparison
        string comparison.Baselines
        NumberText.number comparison.Overall.Plain
        NumberText.number comparison.Overall.Recommended
        NumberText.interval comparison.Overall.Difference
    ]

    /// The means over baselines, and then the tables, as Markdown.
    let markdown (comparisons: ClinicalComparison list) =
        [
            "## Means over baselines\n"
            MarkdownTable.write overviewColumns (List.map overviewRow comparisons)
            for table in all comparisons do
                $"## {MarkdownText.escape table.Title}\n"
                MarkdownTable.write table.Columns table.Rows
                $"{MarkdownText.escape table.Summary}\n"
            $"{note}\n"
        ]
        |> String.concat "\n"

    /// One line for every comparison, for the console; empty without comparisons.
    let console (comparisons: ClinicalComparison list) =
        if comparisons.IsEmpty then
            ""
        else
            ConsoleTable.table ConsoleTable.unlimited overviewColumns (List.map overviewRow comparisons)
            + "\nRecorded data: mean AUROC over baselines; the interval is over the replicates.\n"
