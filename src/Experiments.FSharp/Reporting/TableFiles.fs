namespace CausalDebiasing.Bench.Reporting

open System.IO
open System.Text.RegularExpressions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Foundation

/// A table of the report for use elsewhere.
type NamedTable = {
    /// Names its files.
    Name: string
    Title: string
    /// Name, and whether it holds numbers.
    Columns: (string * bool) list
    Rows: string list list
    Note: string
}

/// The report's tables as files: LaTeX for papers, csv for programs, Markdown for notes.
module TableFiles =
    let private ofPatients (content: PatientTable) : NamedTable = {
        Name = content.Name
        Title = content.Title
        Columns = content.Columns
        Rows = content.Rows |> List.map _.Cells
        Note = content.Note
    }

    let private ofBaselines (content: BaselineTable) : NamedTable = {
        Name = FileName.safe $"baselines-{content.Experiment}"
        Title = $"Baselines side by side: {content.Experiment}"
        Columns = content.Columns
        Rows = content.Rows
        Note = content.Note
    }

    let private ofClinical number (content: CausalDebiasing.Bench.Reporting.ClinicalTable) : NamedTable = {
        Name = $"clinical-{number + 1}"
        Title = content.Title
        Columns = content.Columns
        Rows = content.Rows
        Note = $"{content.Summary} {CausalDebiasing.Bench.Reporting.ClinicalTable.note}"
    }

    let private ofRegimes (verdicts: RegimeVerdict list) : NamedTable list = [
        if not verdicts.IsEmpty then
            {
                Name = "regimes"
                Title = "The recommended options in every kind of bias"
                Columns = RegimeTable.columns
                Rows = List.map RegimeTable.row verdicts
                Note = ""
            }
    ]

    /// The tables of a run that have rows.
    let all
        (patients: PatientTable list)
        (baselines: BaselineTable list)
        (clinical: CausalDebiasing.Bench.Reporting.ClinicalTable list)
        regimes
        =
        [
            yield! List.map ofPatients patients
            yield! List.map ofBaselines baselines
            yield! List.mapi ofClinical clinical
            yield! ofRegimes regimes
        ]
        |> List.filter (fun table -> not table.Rows.IsEmpty)

    let private csv path (table: NamedTable) =
        let columns =
            table.Columns
            |> List.mapi (fun i (name, isNumber) ->
                // Only a number alone is one for a program; what has an interval is text, and so is a site named 01.
                name,
                fun (row: string list) ->
                    let cell = row[i]

                    match ManifestCells.tryNumber '.' cell with
                    | Some value when isNumber && System.Double.IsFinite value -> CellsTable.Number value
                    | _ -> CellsTable.Text cell)

        CellsTable.write path columns table.Rows

    let private ofReport =
        Regex
            @"^(gains|calibration|recalibration|subgroups|sample-size|by-test|regimes|baselines-.+|clinical-\d+)\.(tex|csv|md)$"

    /// Takes away what an earlier report had and this one has not.
    let private clear folder (tables: NamedTable list) =
        let own = tables |> List.map _.Name |> set

        if Directory.Exists folder then
            for path in Directory.GetFiles folder do
                let isOwn = own.Contains(string (Path.GetFileNameWithoutExtension path))

                if not isOwn && ofReport.IsMatch(string (Path.GetFileName path)) then
                    File.Delete path

    /// Writes NAME.tex, NAME.csv and NAME.md of every table into a folder.
    let write folder (tables: NamedTable list) =
        clear folder tables

        for table in tables do
            let file extension =
                Path.Combine(folder, $"{table.Name}.{extension}")

            LatexTable.write table.Name table.Title table.Columns table.Rows table.Note
            |> AtomicFile.writeText (file "tex")

            csv (file "csv") table

            [
                $"## {MarkdownText.escape table.Title}\n"
                MarkdownTable.write table.Columns table.Rows
                if table.Note <> "" then
                    $"{MarkdownText.escape table.Note}\n"
            ]
            |> String.concat "\n"
            |> AtomicFile.writeText (file "md")
