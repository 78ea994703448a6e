module CausalDebiasing.Tests.Reporting.TableFilesTests

open System.IO
open System.Text.RegularExpressions
open Expecto
open DuckDB.NET.Data
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Bench.Results
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.TempFolder

let private odd: NamedTable = {
    Name = "gains"
    Title = "50 % & more"
    Columns = [ "name_of, it", false; "AUROC [95 %]", true; "n", true ]
    Rows = [
        [ "a_b{c}\\d~e^f"; "+0.010 [0.001, 0.020]"; "12" ]
        [ "[site] <b> | $x #1"; "-"; "3.5" ]
        [ "*=1+2, \"x\""; "-"; "7" ]
    ]
    Note = "A note: 5 %."
}

let private written tables =
    let folder = Directory.CreateTempSubdirectory("tables").FullName
    TableFiles.write folder tables

    let read name =
        File.ReadAllText(Path.Combine(folder, name))

    folder, read

let private query sql =
    use connection = new DuckDBConnection "DataSource=:memory:"
    connection.Open()
    use command = connection.CreateCommand()
    command.CommandText <- sql
    use reader = command.ExecuteReader()

    [
        while reader.Read() do
            [
                for i in 0 .. reader.FieldCount - 1 ->
                    if reader.IsDBNull i then "" else string (reader.GetValue i)
            ]
    ]

[<Tests>]
let tests =
    testList "table files" [
        testCase "LaTeX reads nothing of names as its own"
        <| fun () ->
            let tex = LatexTable.write "gains" odd.Title odd.Columns odd.Rows odd.Note

            for part in
                [
                    @"\caption{50 \% \& more}\label{tab:gains}"
                    @"\begin{tabular}{lrr}"
                    @"name\_of, it & AUROC [95 \%] & n \\"
                    @"a\_b\{c\}\textbackslash{}d\textasciitilde{}e\textasciicircum{}f & +0.010"
                    // Behind the end of a row a bracket would be an option of it, and a star a form of it.
                    @"  {}[site] \textless{}b\textgreater{} \textbar{} \$x \#1 & - & 3.5 \\"
                    @"  {}*=1+2, \textquotedbl{}x\textquotedbl{} &"
                    @"\toprule"
                    @"\midrule"
                    @"\bottomrule"
                    @"\footnotesize A note: 5 \%."
                ] do
                Expect.stringContains tex part "part"

            let count (mark: string) =
                Regex.Matches(tex, Regex.Escape mark).Count

            Expect.equal (count @"\begin{") (count @"\end{") "environments"

            // Without escaped ones, braces are in pairs and there is no comment but the first line.
            let plain = Regex.Replace(tex, @"\\[{}%&$#_]", "")
            Expect.equal (Regex.Matches(plain, "{").Count) (Regex.Matches(plain, "}").Count) "braces"
            Expect.equal (plain.LastIndexOf '%') 0 "comments"

        testCase "a table that is longer than a page goes over several"
        <| fun () ->
            let rows = [ for i in 1..41 -> [ string i ] ]
            let tex = LatexTable.write "x" "t" [ "n", true ] rows ""
            Expect.stringContains tex @"\begin{longtable}{r}" "long"

            Expect.stringContains
                (LatexTable.write "x" "t" [ "n", true ] rows.Tail "")
                @"\begin{tabular}{r}"
                "40 rows"

        testCase "csv is read by other programs as it was, without formulas; Markdown has no markup of names"
        <| fun () ->
            let folder, read = written [ odd ]
            let path = Path.Combine(folder, "gains.csv")

            let found =
                query
                    $"""SELECT * FROM read_csv('{path}', header = false, all_varchar = true, delim = ',', quote = '"', escape = '"')"""

            Expect.equal found.Head [ "name_of, it"; "AUROC [95 %]"; "n" ] "header"
            Expect.equal found[1] [ "a_b{c}\\d~e^f"; "'+0.010 [0.001, 0.020]"; "12" ] "an interval is text"
            Expect.equal (found |> List.tail |> List.map List.last) [ "12"; "3.5"; "7" ] "numbers"
            Expect.equal found[3].Head "*=1+2, \"x\"" "quotes"
            let markdown = read "gains.md"
            Expect.stringContains markdown "[site] &lt;b&gt; &#124; $x #1" "Markdown"
            Directory.Delete(folder, true)

        testCase "what an earlier report had is taken away, and files of others stay"
        <| fun () ->
            withFolder (fun folder ->
                TableFiles.write folder [ odd; { odd with Name = "baselines-old" } ]
                File.WriteAllText(Path.Combine(folder, "paper.tex"), "mine")
                TableFiles.write folder [ { odd with Name = "subgroups" } ]

                Expect.equal
                    (Directory.GetFiles folder
                     |> Array.map (fun path -> string (Path.GetFileName path))
                     |> Array.sort)
                    [| "paper.tex"; "subgroups.csv"; "subgroups.md"; "subgroups.tex" |]
                    "files")

        testCase "the dictionary has every column once, with the type that the files have"
        <| fun () ->
            let of' table =
                DataDictionary.all |> List.filter (fun own -> own.Table = table)

            Expect.equal (of' "cells" |> List.map _.Column) CellsTable.header "cells"
            Expect.equal (of' "measures.csv" |> List.map _.Column) MeasuresTable.header "measures"
            Expect.allEqual (DataDictionary.all |> List.map (fun own -> own.Meaning = "")) false "meanings"

            withFolder (fun folder ->
                let file name = Path.Combine(folder, name)
                let rows = CellRow.ofResults (SyntheticResults.run.Force() |> List.truncate 10)
                CellsTable.writeCsv (file "cells.csv") rows
                CellsTable.writeParquet (file "cells.parquet") (file "cells.csv")
                CellsTable.writeDoRisk (file "do_risk.csv") []

                let described path =
                    query $"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '{path}')"

                Expect.equal
                    (described (file "cells.parquet"))
                    [ for own in of' "cells" -> [ own.Column; own.Type ] ]
                    "Parquet"

                let first = File.ReadLines(file "do_risk.csv") |> Seq.head

                Expect.equal
                    (List.ofArray (first.Split ','))
                    (of' "do_risk.csv" |> List.map _.Column)
                    "do-risk"

                let kept: TestPredictions = {
                    Condition = "id"
                    Patients = [| 1L |]
                    Probabilities = [| 0.5f |]
                    BeforeRecalibration = Some [| 0.4f |]
                    Outcomes = [| 1f |]
                    Sites = [| "a" |]
                    Patterns = [| "x" |]
                }

                File.WriteAllBytes(file "p.parquet", TestPredictions.toBytes folder [ kept ])

                Expect.equal
                    (described (file "p.parquet"))
                    [ for own in of' "predictions" -> [ own.Column; own.Type ] ]
                    "predictions"

                let path = file "d.csv"
                DataDictionary.write path

                Expect.equal
                    (query $"SELECT count(*) FROM read_csv('{path}', header = true, delim = ',')")
                    [ [ string DataDictionary.all.Length ] ]
                    "file")

            let meaning column =
                (of' "measures.csv" |> List.find (fun own -> own.Column = column)).Meaning

            Expect.stringContains
                (meaning "net_benefit_20_low")
                "a threshold of 20 %, lower end"
                "threshold and end"

            Expect.stringContains
                (meaning "calibration_slope_before_high")
                "without the recalibration"
                "before"

        testCase "BibTeX has what metadata say of each baseline, and says what they do not"
        <| fun () ->
            let bib = BaselineSource.bibTex [ "mt"; "muse"; "logistic"; "my_net"; "mt" ]

            for part in
                [
                    "@misc{mt,\n  title = {{Multimodal Transformer}},\n  year = {2022},\n  eprint = {2204.05454},\n  archiveprefix = {arXiv},"
                    "howpublished = {ICLR 2024, zzachw/MUSE}"
                    "eprint = {2509.05615}"
                    "% logistic (Logistic regression, mean fill): no paper is named."
                    "% my_net: a program of its own"
                ] do
                Expect.stringContains bib part "entry"

            Expect.equal (Regex.Matches(bib, "@misc").Count) 3 "each once"
    ]
