module CausalDebiasing.Tests.Datasets.TableFileTests

open System
open System.IO
open System.IO.Compression
open System.Text
open DuckDB.NET.Data
open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.PhysioNet2012Fixture

let private read path = [
    let rows = ResizeArray<(string | null) list>()
    TableFile.iterate path (TableFile.columns path) (fun _ cells -> rows.Add(List.ofArray cells))
    yield! rows
]

let private inFile (name: string) (bytes: byte[]) action =
    TempFolder.withFolder (fun folder ->
        let path = Path.Combine(folder, name)
        File.WriteAllBytes(path, bytes)
        action path)

let private reads name (text: string) columns rows =
    test name {
        inFile "t.csv" (Encoding.UTF8.GetBytes text) (fun path ->
            Expect.equal (TableFile.columns path) columns "columns"
            Expect.equal (read path) rows "rows")
    }

let private refuses name file (bytes: byte[]) parts hidden =
    test name {
        inFile file bytes (fun path ->
            let message = InputErrors.message (fun () -> read path)

            for part: string in path :: parts do
                Expect.stringContains message part "said"

            for part: string in hidden do
                Expect.isFalse (message.Contains part) message

            Expect.isFalse (Seq.exists Char.IsControl message) "no bytes of the file")
    }

let private gzip (text: string) =
    use memory = new MemoryStream()

    using (new GZipStream(memory, CompressionMode.Compress)) (fun gzip ->
        gzip.Write(Encoding.UTF8.GetBytes text))

    memory.ToArray()

let private latin1 (text: string) = Encoding.Latin1.GetBytes text
let private ascii (text: string) = Encoding.ASCII.GetBytes text

[<Tests>]
let tests =
    testList "TableFile" [
        reads "quoted names may hold delimiters and line ends" "a,\"b, c\"\n1,2\n" [ "a"; "b, c" ] [
            [ "1"; "2" ]
        ]
        reads "a line end in a name" "a,\"b\nc\"\n1,2\n" [ "a"; "b\nc" ] [ [ "1"; "2" ] ]
        reads "names that differ in case" "Na,na\n1,2\n" [ "Na"; "na" ] [ [ "1"; "2" ] ]
        reads "Excel's line that declares the delimiter" "sep=;\r\na;b\r\n1,5;2\r\n" [ "a"; "b" ] [
            [ "1,5"; "2" ]
        ]
        reads "bars as delimiters" "a|b\n1|2\n" [ "a"; "b" ] [ [ "1"; "2" ] ]
        reads "line ends of several systems in one file" "a,b\r\n1,2\n3,\"4\"\r5,\"6\"\r\n7,8" [ "a"; "b" ] [
            [ "1"; "2" ]
            [ "3"; "4" ]
            [ "5"; "6" ]
            [ "7"; "8" ]
        ]
        reads "a byte order mark, empty cells and doubled quotes" "\uFEFFa,b\n,\"x\"\"y\"\n 1 ,5\"\n" [
            "a"
            "b"
        ] [ [ null; "x\"y" ]; [ "1"; "5\"" ] ]

        test "a cell of three million letters in a column that is not used" {
            let text = String('x', 3_000_000)

            inFile "t.csv" (ascii $"a,note\n1,{text}\n2,y\n") (fun path ->
                let cells = ResizeArray()
                TableFile.iterate path [ "a" ] (fun _ row -> cells.Add row[0])
                Expect.equal (List.ofSeq cells) [ "1"; "2" ] "rows"

                let source = TableFile.source (fun _ -> "VARCHAR") path
                use connection = new DuckDBConnection("DataSource=:memory:")
                connection.Open()
                use command = connection.CreateCommand()
                command.CommandText <- $"SELECT count(*) FROM {source}"
                Expect.equal (command.ExecuteScalar() |> string) "2" "by DuckDB")
        }

        test "gzip of several members gives all rows, and is refused when the last is cut" {
            let whole = Array.append (gzip "a,b\n1,2\n") (gzip "3,4\n5,6\n")

            inFile "t.csv.gz" whole (fun path -> Expect.hasLength (read path) 3 "rows")

            inFile "t.csv.gz" whole[.. whole.Length - 5] (fun path ->
                expectInputError [ "cut short" ] (fun () -> read path))
        }

        test "gzip and Parquet are read under the name of csv" {
            inFile "t.csv" (gzip "a,b\n1,2\n") (fun path -> Expect.equal (read path) [ [ "1"; "2" ] ] "gzip")

            TempFolder.withFolder (fun folder ->
                let path = Path.Combine(folder, "t.csv")
                use connection = new DuckDBConnection("DataSource=:memory:")
                connection.Open()
                use command = connection.CreateCommand()
                command.CommandText <- $"COPY (SELECT '01' AS a, 2 AS b) TO '{path}' (FORMAT parquet)"
                command.ExecuteNonQuery() |> ignore
                Expect.equal (read path) [ [ "01"; "2" ] ] "Parquet")
        }

        refuses "an Excel workbook named csv" "t.csv" "PK\003\004abc"B [
            "Excel workbook"
            "save its sheet as csv"
        ] []
        refuses "text named Parquet" "t.parquet" "a,b\n1,2\n"B [ "no whole Parquet file" ] []
        refuses "text that is not UTF-8" "t.csv" (latin1 "a,b\n1,2\n3,Zürich\n") [ "line 3"; "not UTF-8" ] [
            "rich"
        ]
        refuses "a header that is not UTF-8" "t.csv" (latin1 "âge,b\n1,2\n") [ "line 1"; "not UTF-8" ] [
            "ge,"
        ]
        refuses "UTF-16 without a mark" "t.csv" (Encoding.Unicode.GetBytes "a,b\n1,2\n") [ "no text" ] []
        refuses "a quote that is not closed" "t.csv" "a,b\n1,2\n3,\"4711\n5,6\n"B [ "line 3"; "quote" ] [
            "4711"
        ]
        refuses "text after a quote" "t.csv" "a,b\n1,\"47\"11\n"B [ "line 2"; "quote" ] [ "47" ]
        refuses "a row that is too long" "t.csv" "a,b\n1,2\n3,4,4711\n"B [ "line 3"; "as many columns" ] [
            "4711"
        ]

        test "the first patient's row is not repeated where the names should be" {
            for text in [ "63.0,1.0,Smith\n67,2,Jones\n"; "63,1,1,Smith\n67,2,2,Jones\n" ] do
                inFile "t.csv" (ascii text) (fun path ->
                    let message =
                        InputErrors.message (fun () -> TableFile.iterate path [ "age" ] (fun _ _ -> ()))

                    Expect.stringContains message "'header'" "what to do"
                    Expect.isFalse (message.Contains "Smith" || message.Contains "63") message)
        }
    ]
