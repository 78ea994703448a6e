module CausalDebiasing.Tests.Reporting.DocumentTablesTests

open System.IO
open Expecto
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Tests.Support

let private results =
    "# First\n\n| name | a | b |\n| :--- | --: | --: |\n| x 1 | 1 | 2 |\n| y | 3 | 4 |\n| x\\|2 | 5 | 6 |\n\n# Second\n\n| other |\n|---|\n| z |\n"

let private filled marker =
    TempFolder.withFolder (fun folder ->
        File.WriteAllText(Path.Combine(folder, "results.md"), results)

        DocumentTables.filled
            folder
            "README.md"
            $"before\n<!-- table: {marker} -->\nold\n<!-- end of table -->\nafter")

[<Tests>]
let tests =
    testList "DocumentTables" [
        testCase "a table is that of the file"
        <| fun () ->
            let text =
                "before\n<!-- table: results.md | heading: Second -->\n\n| other |\n| --- |\n| z |\n\n<!-- end of table -->\nafter"

            Expect.equal (filled "results.md | heading: Second") text "the second"

        testCase "below stands the results version that the file names"
        <| fun () ->
            TempFolder.withFolder (fun folder ->
                let version = DocumentTables.ofVersion 7
                File.WriteAllText(Path.Combine(folder, "f.md"), $"| other |\n|---|\n| z |\n\n{version}\n")

                Expect.equal
                    (DocumentTables.filled folder "README.md" "<!-- table: f.md -->\n<!-- end of table -->")
                    $"<!-- table: f.md -->\n\n| other |\n| --- |\n| z |\n\n{version}\n\n<!-- end of table -->"
                    "version")

        testCase "rows by their beginning and columns by name"
        <| fun () ->
            let text = filled "results.md | rows: x | columns: name; b"
            Expect.stringContains text "| name | b |\n| :--- | --: |\n| x 1 | 2 |\n| x\\|2 | 6 |\n" "those"

        testCase "what was filled stays as it is"
        <| fun () ->
            TempFolder.withFolder (fun folder ->
                File.WriteAllText(Path.Combine(folder, "results.md"), results)
                let once = filled "results.md"
                Expect.equal (DocumentTables.filled folder "README.md" once) once "the same")

        testCase "a table of numbers is filled, or says of which results version it is"
        <| fun () ->
            let numbers = "| name | a |\n| :-- | --: |\n| x | 1 |\n"
            let words = "| name | meaning |\n|---|---|\n| x | y |\n"
            let filled = $"<!-- table: f.md -->\n\n{numbers}\n<!-- end of table -->\n"
            let old = $"*Earlier build, results version 3.*\n\n{numbers}"
            Expect.isEmpty (DocumentTables.unsourced $"{words}\n{filled}\n{old}") "all are"

            Expect.equal
                (DocumentTables.unsourced $"{old}\nResults.\n\n{numbers}\n{filled}")
                [ "| name | a |" ]
                "the second is not"

        for marker, problem in
            [
                "none.md", "no none.md"
                "results.md | columns: c", "no column 'c'"
                "results.md | rows: q", "no such row"
                "results.md | heading: Third", "no such table"
            ] do
            testCase $"a marker that asks for what is not there is refused: {problem}"
            <| fun () ->
                let message = InputErrors.message (fun () -> filled marker)
                Expect.stringContains message "README.md" "the document"
                Expect.stringContains message problem "the problem"
    ]
