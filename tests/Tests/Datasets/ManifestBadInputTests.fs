module CausalDebiasing.Tests.Datasets.ManifestBadInputTests

open System.IO
open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.PhysioNet2012Fixture
open CausalDebiasing.Tests.Support.ToyManifest

let private refused name parts manifest table =
    test name { expectInputError parts (fun () -> loadWith manifest (text table)) }

let private manifest name (before: string) (after: string) parts =
    Expect.stringContains json before "the fixture has it"
    refused name ("toy.json" :: parts) (json.Replace(before, after)) rows

let private edit row (before: string) (after: string) =
    rows
    |> List.mapi (fun i line -> if i = row then line.Replace(before, after) else line)

let private cell name row before after parts =
    refused name ("toy.csv, row" :: parts) json (edit row before after)

let private damaged name parts (damage: string -> unit) file =
    test name {
        TempFolder.withFolder (fun folder ->
            let path = write folder (json.Replace("toy.csv", file)) (text rows)
            damage (Path.Combine(folder, file))
            expectInputError (file :: parts) (fun () -> load path))
    }

[<Tests>]
let tests =
    testList "ManifestBadInput" [
        refused "a missing column" [ "toy.csv"; "no column 'bmi'"; "stay, patient" ] json [
            rows.Head.Replace("bmi", "weight")
            yield! rows.Tail
        ]

        refused
            "a manifest that names a column that is not there"
            [ "toy.csv"; "no column 'height'" ]
            (json.Replace("[\"age\"]", "[\"age\", \"height\"]"))
            rows

        cell "a cell of another type" 3 ",42," ",old," [ "row 3, column 'age'"; "not a number"; "'missing'" ]
        cell "an infinite number" 3 ",42," ",Infinity," [ "row 3, column 'age'"; "not a number" ]
        cell "an id that occurs twice" 3 "102," "101," [ "row 3, column 'stay'"; "twice" ]
        cell "an id that is missing" 3 "102," "," [ "row 3, column 'stay'"; "missing" ]
        cell "a patient that is missing" 3 "p1" "?" [ "row 3, column 'patient'"; "missing" ]
        cell "an outcome that is not 0 or 1" 3 ",1,train" ",2,train" [ "row 3, column 'death'"; "'positive'" ]

        refused
            "a code that is none of the levels"
            [ "toy.csv, row 2, column 'kind'"; "'levels'"; "toy.json" ]
            (json.Replace("\"categorical\": true", "\"levels\": [\"1\"]"))
            rows

        refused "an empty table" [ "toy.json"; "no row" ] json [ rows.Head ]
        refused "an empty file" [ "toy.csv"; "empty" ] json []
        refused
            "a row with a column too few"
            [ "toy.csv, line 4"; "as many columns" ]
            json
            (edit 3 ",42," ",")
        refused
            "a row with a column too many"
            [ "toy.csv, line 4"; "as many columns" ]
            json
            (edit 3 ",42," ",4,2,")
        refused "a header that names a column twice" [ "toy.csv"; "'age' twice" ] json (edit 0 "bmi" "age")
        refused
            "outcomes of one class"
            [ "toy.json"; "both outcomes" ]
            json
            (rows |> List.map _.Replace(",1,t", ",0,t").Replace(",1,v", ",0,v"))

        refused
            "every patient missing every modality"
            [ "toy.json"; "every row misses every modality" ]
            (json.Replace("\"demographics\": [\"age\"], ", ""))
            (rows.Head
             :: [
                 for i in 1..40 do
                     let cells = rows[i].Split ','
                     cells[4] <- "-1"
                     cells[5] <- ""
                     String.concat "," cells
             ])

        refused
            "a modality that is never observed"
            [ "toy.json"; "'body' is never observed" ]
            json
            (rows.Head
             :: [
                 for i in 1..40 do
                     let cells = rows[i].Split ','
                     cells[4] <- ""
                     cells[5] <- "?"
                     String.concat "," cells
             ])

        refused
            "a patient in two parts of the split"
            [ "toy.csv, row 2, column 'part'"; "another part in row 1" ]
            (json.Replace("\"id\":", "\"split\": \"part\", \"id\":"))
            (edit 2 ",train" ",test")

        refused
            "a part that does not exist"
            [ "toy.csv, row 2, column 'part'"; "train, validation and test" ]
            (json.Replace("\"id\":", "\"split\": \"part\", \"id\":"))
            (edit 2 ",train" ",holdout")

        refused
            "a time that is none"
            [ "toy.csv, row 2, column 'year'"; "date" ]
            (json.Replace("\"id\":", "\"time\": \"year\", \"id\":"))
            (edit 2 ",2001" ",spring")

        manifest "a manifest that is no JSON" "\"outcome\":" "outcome:" [ "line 5" ]
        manifest "a property that does not exist" "\"missing\":" "\"mising\":" [
            "mising"
            "did you mean 'missing'"
        ]
        manifest
            "no modalities"
            "\"modalities\": { \"demographics\": [\"age\"], \"body\": [\"bmi\", \"kind\"] }"
            "\"title\": \"x\""
            [ "'modalities' is missing" ]
        manifest "an outcome among the features" "[\"age\"]" "[\"age\", \"death\"]" [ "'death'"; "'outcome'" ]
        manifest "a column in two modalities" "[\"age\"]" "[\"age\", \"bmi\"]" [ "'bmi'"; "2 times" ]
        manifest "a described column that is no feature" "\"bmi\": {" "\"bim\": {" [ "'bim'"; "no modality" ]
        manifest "an outcome condition that is none" "\"death\" }" "\"death\", \"positive\": \"yes\" }" [
            "'positive'"
            "'> 0'"
        ]
        manifest
            "files of which some have sites"
            "{ \"path\": \"toy.csv\" }"
            "{ \"path\": \"toy.csv\" }, { \"path\": \"a\", \"site\": \"a\" }"
            [ "site" ]
        manifest "a file that is not there" "toy.csv" "tox.csv" [
            "tox.csv"
            "beside the manifest"
            "data root"
        ]

        for share in [ 0.3; 0.9; 0.99 ] do
            "toy.csv.gz"
            |> damaged $"a gzip cut to {share} of its size" [ "cut short" ] (fun path ->
                compress path (text rows)
                let whole = File.ReadAllBytes path
                File.WriteAllBytes(path, whole[.. int (share * float whole.Length)]))

        "toy.csv.gz"
        |> damaged "a gzip that is none" [ "gzip" ] (fun path -> File.WriteAllText(path, text rows))

        "toy.parquet"
        |> damaged "a Parquet file that is none" [ "Parquet" ] (fun path ->
            File.WriteAllText(path, text rows))

        "toy.parquet"
        |> damaged "a Parquet file of another schema" [ "no column 'age'" ] (fun path ->
            use connection = new DuckDB.NET.Data.DuckDBConnection("DataSource=:memory:")
            connection.Open()
            use command = connection.CreateCommand()
            command.CommandText <- $"COPY (SELECT 1 AS x) TO '{path}' (FORMAT parquet)"
            command.ExecuteNonQuery() |> ignore)

        test "no message holds a value of the row" {
            for before, after in
                [
                    ",42,", ",4711x,"
                    ",42,", ",4711,4711,"
                    ",1,train", ",4711,train"
                    "102,", "\"4711,"
                ] do
                try
                    loadWith json (text (edit 3 before after)) |> ignore
                    failtest $"was read: {after}"
                with :? CausalDebiasing.Runtime.InputException as error ->
                    Expect.isFalse (error.Message.Contains "4711") error.Message
                    Expect.isFalse (error.Message.Contains '\n') error.Message
        }
    ]
