module CausalDebiasing.Tests.Datasets.OmopBadInputTests

open System.IO
open System.IO.Compression
open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.InputErrors
open CausalDebiasing.Tests.Support.ToyOmop

let private says (parts: string list) (act: unit -> 'result) =
    let said = message act

    for part in parts do
        Expect.stringContains said part "what is wrong"

/// Reading the tables, changed, is refused in these words.
let private refuses name (parts: string list) (change: Tables -> Tables) =
    test name { says parts (fun () -> loadWith "" (change tables)) }

/// Reading a folder that an action changes is refused.
let private refusesFolder name (parts: string list) (change: string -> string) =
    test name {
        TempFolder.withFolder (fun folder ->
            let data = Path.Combine(folder, "data")
            writeCsv data tables
            says parts (fun () -> load (change data)))
    }

let private withoutTable name (tables: Tables) = tables.Remove name

let private rewrite change name (data: string) =
    File.Delete(Path.Combine(data, name + ".csv"))
    writeParquetAs change (Path.Combine(data, name + ".parquet")) tables[name]
    data

[<Tests>]
let tests =
    testList "OmopBadInput" [
        refuses
            "no visits"
            [ "the table 'visit_occurrence' of OMOP is not there" ]
            (withoutTable "visit_occurrence")
        refuses "no persons" [ "the table 'person' of OMOP is not there" ] (withoutTable "person")
        refuses
            "a column of visits"
            [
                "visit_occurrence.csv"
                "the table 'visit_occurrence' has no column 'visit_concept_id'"
                "5.3 or 5.4"
            ]
            (edit "visit_occurrence" 0 "visit_concept_id" "kind")
        refuses
            "a concept"
            [
                "measurement.csv"
                "the table 'measurement' has no column 'measurement_concept_id'"
            ]
            (edit "measurement" 0 "measurement_concept_id" "concept")
        refuses
            "neither date nor time"
            [ "note.csv"; "no column 'note_date' or 'note_datetime'" ]
            (edit "note" 0 "note_date,note_datetime" "day,moment")
        refuses
            "an identifier that is no whole number"
            [ "person.csv, row 3, column 'person_id': the cell is no whole number" ]
            (edit "person" 3 $"{person 3}," "p3,")
        refuses
            "a fraction as a concept"
            [
                "drug_exposure.csv, row 1, column 'drug_concept_id': the cell is no whole number"
            ]
            (edit "drug_exposure" 1 $",{concept}," ",1.5,")
        refuses
            "a unit that is no whole number"
            [
                "measurement.csv, row 1, column 'unit_concept_id': the cell is no whole number"
            ]
            (edit "measurement" 1 ",8876" ",mg")
        refuses
            "an identifier that is missing"
            [ "measurement.csv, row 2, column 'person_id': the cell is missing" ]
            (edit "measurement" 2 $"{person 1}" "")
        refuses
            "a time that is none"
            [ "measurement.csv, line 2, column 'measurement_datetime'" ]
            (edit "measurement" 1 "2020-01-01 07:00:00" "seven")
        refuses
            "a number that is none"
            [ "measurement.csv, line 2, column 'value_as_number'" ]
            (edit "measurement" 1 ",120," ",high,")
        refuses
            "a person twice"
            [ "the table 'person' has 1 values of person_id in more than one row" ]
            (edit "person" 3 $"{person 3}," $"{person 2},"
             >> add "person" [ $"{person 3},8532,1960,,,,8527,38003564" ])
        refuses
            "a visit twice"
            [ "the table 'visit_occurrence' has 1 values of visit_id" ]
            (edit "visit_occurrence" 3 $"{stay 3}," $"{stay 2},")
        refuses
            "a visit of nobody"
            [
                "the table 'visit_occurrence' has 1 rows whose person_id is not in the table 'person'"
            ]
            (edit "visit_occurrence" 3 $"{person 3}," "3,")
        refuses
            "stays that end before they begin"
            [ "1 of 22 stays"; "end before they begin" ]
            (edit "visit_occurrence" 3 "2020-01-05,2020-01-05" "2019-01-05,2019-01-05")
        refuses
            "nothing says who died"
            [ "'death'"; "'discharged_to_concept_id'"; "5.3: discharge_to_concept_id" ]
            (withoutTable "death"
             >> edit "visit_occurrence" 0 "discharge_to_concept_id" "place")
        refuses "no stay of these kinds" [ "no stay is left"; "'visits'" ] (fun tables ->
            let outpatient (row: string) =
                row.Replace(",9201,", ",9202,").Replace(",262,", ",9202,")

            tables.Add("visit_occurrence", tables["visit_occurrence"] |> List.map outpatient))

        refusesFolder "an option that does not exist" [ "'@hours:3'"; "@hour:H" ] (fun data ->
            data + "@hours:3")
        refusesFolder "an hour out of range" [ "'@hour:0'"; "1 to 240" ] (fun data -> data + "@hour:0")
        refusesFolder "an hour of a task" [ "labels or a task" ] (fun data -> data + "@hour:3@task:t.yaml")
        refusesFolder "a task that is not there" [ "t.yaml"; "put it there" ] (fun data ->
            data + "@task:t.yaml")

        refusesFolder "a table twice" [ "'death' is there twice (death.csv, death.parquet)" ] (fun data ->
            writeParquetAs (fun _ kind -> kind) (Path.Combine(data, "death.parquet")) tables["death"]
            data)

        refusesFolder "a folder without parts" [ "'device_exposure' holds no csv" ] (fun data ->
            Directory.CreateDirectory(Path.Combine(data, "device_exposure")) |> ignore
            data)

        refusesFolder "a gzip stream that is cut short" [ "death.csv.gz"; "cut short" ] (fun data ->
            let path = Path.Combine(data, "death.csv")
            ToyManifest.compress (path + ".gz") (File.ReadAllText path)
            File.Delete path
            let bytes = File.ReadAllBytes(path + ".gz")
            File.WriteAllBytes(path + ".gz", bytes[.. bytes.Length - 6])
            data)

        refusesFolder
            "whole numbers beyond what a floating-point number holds"
            [ "death.parquet"; "PERSON_ID"; "not of the column's type" ]
            (rewrite (fun column kind -> if column = "person_id" then "DOUBLE" else kind) "death")

        refusesFolder
            "dates of another type"
            [ "death.parquet"; "'DEATH_DATE' is of type INTEGER" ]
            (fun data ->
                File.Delete(Path.Combine(data, "death.csv"))

                writeParquetAs
                    (fun column kind -> if column = "death_date" then "INTEGER" else kind)
                    (Path.Combine(data, "death.parquet"))
                    [ "person_id,death_date"; $"{person 4},20200104" ]

                data)

        refusesFolder "a folder above" [ "in a folder below"; "data" ] (fun data ->
            string (Path.GetDirectoryName data))

        refusesFolder "an archive" [ "tables.zip"; "unpack it" ] (fun data ->
            let archive = Path.Combine(string (Path.GetDirectoryName data), "tables.zip")
            ZipFile.CreateFromDirectory(data, archive)
            archive)

        test "an archive for a manifest" {
            TempFolder.withFolder (fun folder ->
                let data = Path.Combine(folder, "data")
                writeCsv data tables
                let archive = Path.Combine(folder, "tables.zip")
                ZipFile.CreateFromDirectory(data, archive)
                says [ "tables.zip"; "unpack it" ] (fun () -> DatasetCatalog.ofFile archive))
        }

        refusesFolder "a folder with an archive" [ "tables.zip"; "unpack it" ] (fun data ->
            let folder = Path.Combine(string (Path.GetDirectoryName data), "packed")
            Directory.CreateDirectory folder |> ignore
            ZipFile.CreateFromDirectory(data, Path.Combine(folder, "tables.zip"))
            folder)

        test "a floating-point number that holds its whole number is read" {
            TempFolder.withFolder (fun folder ->
                writeCsv folder tables

                let asDouble column kind =
                    if column = "death_type_concept_id" then "DOUBLE" else kind

                rewrite asDouble "death" folder |> ignore

                let condition column kind =
                    if column = "condition_concept_id" then "DOUBLE" else kind

                rewrite condition "condition_occurrence" folder |> ignore

                Expect.isTrue
                    (CausalDebiasing.Tests.WorldSupport.same (load folder).Cohort (loadWith "" tables).Cohort)
                    "cohort")
        }

        test "descriptions that contradict themselves are refused" {
            let refuses part properties =
                says [ part ] (fun () ->
                    OmopDescription.parse "d.json" $"{{ \"name\": \"toy\", \"omop\": \".\", {properties} }}")

            refuses "'outcome'" """"outcome": "stroke" """
            refuses "'hour'" """"hour": 0 """
            refuses "'split'" """"split": "given" """
            refuses "'visits'" """"visits": [] """
            refuses "'labels' and 'task'" """"labels": "a", "task": "b" """
            refuses "'outcome', 'hour' or 'split'" """"labels": "a", "hour": 3 """
            refuses "'within'" """"modalities": { "x": { "codes": ["A"], "as": "codes", "within": 0 } }"""
            says [ "'omop' is missing" ] (fun () -> OmopDescription.parse "d.json" """{ "name": "toy" }""")
        }
    ]
