module CausalDebiasing.Tests.Datasets.ManifestVectorTests

open System.IO
open DuckDB.NET.Data
open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Tests
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.InputErrors
open CausalDebiasing.Tests.Support.ToyManifest

let private width = 12

/// The toy's rows with a vector of whole numbers, absent in every fifth row; `cells` writes it.
let private rowsWith header (cells: int list option -> string) =
    rows
    |> List.mapi (fun i row ->
        let vector =
            if (i - 1) % 5 = 0 then
                None
            else
                Some [ for d in 0 .. width - 1 -> i + d ]

        row + "," + if i = 0 then header else cells vector)

let private listText =
    function
    | Some numbers -> sprintf "\"[%s]\"" (numbers |> List.map string |> String.concat ", ")
    | None -> ""

let private listed = rowsWith "emb" listText

let private numbered =
    rowsWith (String.concat "," [ for d in 0 .. width - 1 -> $"emb_{d}" ]) (fun vector ->
        match vector with
        | Some numbers -> numbers |> List.map string |> String.concat ","
        | None -> String.replicate (width - 1) ",")

let private withImage column (description: string) =
    json
        .Replace("\"columns\": {", $"\"columns\": {{ {description}")
        .Replace("\"modalities\": {", $"\"modalities\": {{ \"image\": [\"{column}\"],")

let private vectors = withImage "emb" $"\"emb\": {{ \"vector\": {width} }},"

let private query (sql: string) =
    use connection = new DuckDBConnection("DataSource=:memory:")
    connection.Open()
    use command = connection.CreateCommand()
    command.CommandText <- sql
    command.ExecuteNonQuery() |> ignore

[<Tests>]
let tests =
    testList "ManifestVector" [
        test "a range of columns, lists as text and lists of Parquet are one modality" {
            let ofRange =
                (loadWith (withImage $"emb_0..emb_{width - 1}" "") (text numbered)).Cohort

            Expect.equal (ofRange.Modalities[0].Name, ofRange.Modalities[0].Width) ("image", width) "modality"
            Expect.isFalse (ofRange.IsObserved(0, 0)) "absent where the cells are empty"

            Expect.equal
                (ofRange.Row(0, 1).ToArray())
                [| for d in 0 .. width - 1 -> float32 (2 + d) |]
                "row 2"

            Expect.isTrue (WorldSupport.same (loadWith vectors (text listed)).Cohort ofRange) "text"

            TempFolder.withFolder (fun folder ->
                let path = write folder (vectors.Replace("toy.csv", "toy.parquet")) (text listed)

                let file name =
                    TableFile.literal (Path.Combine(folder, name))

                for listType in [ "FLOAT[]"; $"DOUBLE[{width}]" ] do
                    query
                        $"""COPY (SELECT * EXCLUDE emb, CAST(emb AS {listType}) AS emb FROM read_csv({file "toy.csv"}))
                            TO {file "toy.parquet"} (FORMAT parquet)"""

                    Expect.isTrue (WorldSupport.same (load path).Cohort ofRange) listType)
        }

        test "vectors of another length, with gaps or that are none are refused by file, row and column" {
            let refuses parts (change: string -> string) =
                let lines = listed |> List.mapi (fun i line -> if i = 3 then change line else line)
                let said = message (fun () -> loadWith vectors (text lines))

                for part in "row 3, column 'emb'" :: parts do
                    Expect.stringContains said part "message"

            refuses [ "11 numbers and not 12" ] _.Replace("3, 4,", "3,")
            refuses [ "entry 1 "; "finite" ] _.Replace(" 4,", " nan,")
            refuses [ "entry 1 "; "finite" ] _.Replace(" 4,", " NULL,")
            refuses [ "entry 0 "; "finite" ] _.Replace("[3,", "[1e99,")
            refuses [ "no vector" ] _.Replace("[3,", "3,")
        }

        test "ranges and vectors that contradict themselves are refused" {
            let refuses part manifest =
                Expect.stringContains
                    (message (fun () -> loadWith manifest (text listed)))
                    part
                    "what is wrong"

            refuses "no range" (withImage "emb_5..emb_3" "")
            refuses "no range" (withImage "emb_0..other_3" "")
            refuses "no column 'emb_0'" (withImage "emb_0..emb_3" "")
            refuses "'vector'" (withImage "emb" "\"emb\": { \"vector\": 0 },")
            refuses "something else" (withImage "emb" "\"emb\": { \"vector\": 3, \"categorical\": true },")
        }

        test "a range keeps leading zeros" {
            Expect.equal (ColumnRange.expand "x" "e08..e11") [ "e08"; "e09"; "e10"; "e11" ] "padded"
            Expect.equal (ColumnRange.expand "x" "age") [ "age" ] "a name"
        }

        test "a draft finds vectors and numbered columns" {
            for rows, modality in [ listed, "emb"; numbered, "emb" ] do
                TempFolder.withFolder (fun folder ->
                    let path = write folder json (text rows)
                    let draft, _ = ManifestDraft.ofTable (Path.Combine(folder, "toy.csv")) None
                    File.WriteAllText(path, Manifest.write draft)
                    let cohort = (load path).Cohort
                    let found = cohort.Modalities |> Seq.find (fun m -> m.Name = modality)
                    Expect.equal found.Width width "width")
        }
    ]
