module CausalDebiasing.Tests.Reporting.PublishTests

open System
open System.IO
open System.Text.RegularExpressions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Tests.Support
open DuckDB.NET.Data
open Expecto
open SkiaSharp

let private query sql (read: DuckDBDataReader -> 'result) =
    use connection = new DuckDBConnection "DataSource=:memory:"
    connection.Open()
    use command = connection.CreateCommand()
    command.CommandText <- sql
    use reader = command.ExecuteReader()

    [
        while reader.Read() do
            read reader
    ]

/// Published once for all tests of this list.
let private published =
    lazy
        (let folder = Directory.CreateTempSubdirectory("publish").FullName
         AppDomain.CurrentDomain.ProcessExit.Add(fun _ -> Directory.Delete(folder, true))

         let report =
             Publish.all folder (SyntheticResults.run.Force()) [ "Command", "reproduce --profile <quick>" ] []

         folder, report)

let private file name = Path.Combine(fst published.Value, name)

[<Tests>]
let tests =
    testSequenced (
        testList "Publish" [
            test "all files are there, and nothing half-written" {
                let names =
                    Directory.GetFiles(fst published.Value, "*", SearchOption.AllDirectories)
                    |> Array.map (fun path -> Path.GetRelativePath(fst published.Value, path))
                    |> Set.ofArray

                for name in
                    [
                        "cells.csv"
                        "cells.parquet"
                        "do_risk.csv"
                        "summary.csv"
                        "clinical.md"
                        "claims.json"
                        "data-dictionary.csv"
                        "baselines.bib"
                        "tables/clinical-1.tex"
                        "tables/clinical-1.csv"
                        "tables/clinical-1.md"
                        "report.html"
                        "figures/confounding-acquisition-auroc-vs-confounding.png"
                        "figures/confounding-acquisition-auroc-vs-confounding-by-baseline.svg"
                        "figures/confounding-acquisition-gain-by-baseline.svg"
                        "figures/phase-acquisition-auroc-vs-missing-rate.png"
                        "figures/phase-acquisition-phase-diagram.png"
                        "figures/real-physionet2012-auroc-by-baseline.svg"
                    ] do
                    Expect.contains names name "file"

                Expect.isFalse (names |> Set.exists (fun name -> name.Contains ".partial")) "no remains"
            }

            test "Parquet and CSV hold the same rows with typed columns" {
                let csv = CellsTable.readCsv (file "cells.csv")
                let parquet = file "cells.parquet"

                let types =
                    query $"DESCRIBE SELECT * FROM '{parquet}'" (fun r -> r.GetString 0, r.GetString 1)

                let typeOf name = (Map.ofList types)[name]
                Expect.equal (types |> List.map fst) CellsTable.header "columns"
                Expect.equal (typeOf "auroc") "DOUBLE" "number"
                Expect.equal (typeOf "seed") "BIGINT" "whole number"
                Expect.equal (typeOf "error") "VARCHAR" "text"

                let rows =
                    query $"SELECT cell_id, condition, auroc, error FROM '{parquet}'" (fun r ->
                        r.GetString 0,
                        r.GetString 1,
                        (if r.IsDBNull 2 then -1. else r.GetDouble 2),
                        r.GetString 3)

                let expected =
                    csv
                    |> List.map (fun row ->
                        row.CellId,
                        row.Condition,
                        (if Double.IsNaN row.Auroc then -1. else row.Auroc),
                        row.Error)

                Expect.equal rows expected "rows"
            }

            test "a second run writes the same tables" {
                let folder = Directory.CreateTempSubdirectory("publish-again").FullName
                let results = SyntheticResults.run.Force() |> List.truncate 48 |> List.rev
                Publish.all folder results [] [] |> ignore

                let read name =
                    File.ReadAllText(Path.Combine(folder, name))

                let first = [ read "cells.csv"; read "summary.csv"; read "claims.json" ]
                Publish.all folder (List.rev results) [] [] |> ignore
                Expect.equal [ read "cells.csv"; read "summary.csv"; read "claims.json" ] first "same"
                Directory.Delete(folder, true)
            }

            test "no results make an empty but valid publication" {
                let folder = Directory.CreateTempSubdirectory("publish-none").FullName
                let report = Publish.all folder [] [] []
                Expect.isEmpty (CellsTable.readCsv (Path.Combine(folder, "cells.csv"))) "no rows"
                Expect.isFalse (File.Exists(Path.Combine(folder, "do_risk.csv"))) "no do-risk"
                Expect.isFalse (File.Exists(Path.Combine(folder, "clinical.md"))) "no recorded data"
                Expect.stringContains (File.ReadAllText report) "Every cell finished" "report"
                Directory.Delete(folder, true)
            }

            test "the report needs no other file and no network" {
                let html = File.ReadAllText(snd published.Value)

                for reference in Regex.Matches(html, "(?:src|href)=\"([^\"]{0,40})") do
                    let target = reference.Groups[1].Value

                    Expect.isTrue
                        (target.StartsWith '#'
                         || target.StartsWith "data:image/png;base64,"
                         || target.StartsWith "data:text/csv;base64,")
                        $"refers to {target}"

                for reach in [ "fetch("; "XMLHttpRequest"; "import("; "<script src"; "<link" ] do
                    Expect.isFalse (html.Contains reach) reach

                Expect.isFalse (html.Contains "@import" || html.Contains "url(") "no external style"
            }

            test "text in the report is encoded and its verdicts and failures are shown" {
                let html = File.ReadAllText(snd published.Value)
                Expect.stringContains html "reproduce --profile &lt;quick&gt;" "environment"
                Expect.stringContains html "&lt;too&gt; high" "error of the failed cell"
                Expect.isFalse (html.Contains "<too>") "encoded"
                Expect.stringContains html "badge supported" "a supported claim"
                Expect.stringContains html "badge contradicted" "a contradicted claim"
                Expect.stringContains html "badge not-tested" "an untested claim"
            }

            test "the console table shows every data set and the verdicts" {
                let text = Publish.console (SyntheticResults.run.Force())
                Expect.stringContains text "| physionet2012 | id" "a row"
                Expect.stringContains text "4 supported" "verdicts"
                Expect.isFalse (text.Contains '\u001b') "no escape codes"
            }

            test "pictures show text without any font of the system" {
                for path in Directory.GetFiles(file "figures", "*.png") do
                    use bitmap = SKBitmap.Decode path

                    // The title strip holds nothing but dark letters on white.
                    let dark =
                        Seq.allPairs [ 0..2 .. bitmap.Width / 2 ] [ 0..2..80 ]
                        |> Seq.filter (fun (x, y) -> bitmap.GetPixel(x, y).Red < 100uy)
                        |> Seq.length

                    Expect.isGreaterThan dark 100 $"title of {Path.GetFileName path}"
                    Expect.isLessThan dark (bitmap.Width * 4) $"white ground of {Path.GetFileName path}"

                EmbeddedFont.register ()

                Expect.equal
                    (ScottPlot.Fonts.GetTypeface("any", false, false).FamilyName)
                    "DejaVu Sans"
                    "font"
            }
        ]
    )
