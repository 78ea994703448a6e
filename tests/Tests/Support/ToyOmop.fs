/// Small folders in the OMOP Common Data Model.
module CausalDebiasing.Tests.Support.ToyOmop

open System.IO
open CausalDebiasing.Bench.Datasets

/// Tables by name: the header, then the rows.
type Tables = Map<string, string list>

/// Beyond 2^53, where not every whole number is a floating-point number.
let private big = 1L <<< 53

let person (number: int) = big + int64 number
let stay (number: int) = 4L * big + int64 number

/// Two concepts that are one as floating-point numbers.
let concept, nextConcept = big, big + 1L

/// Persons 1 to 20 with an inpatient stay each, from six o'clock on the first of January (from 11 on: of June) to noon of the fifth.
/// 4, 8, ... are discharged as died; 5 dies on the fourth, 6 and 7 on the last day, of whom 6 was discharged home; 9 dies later and
/// 10 on the first day. 17 is a child, 18 leaves in the evening, 19 has no end. 1 comes back after ten days and 2 after four weeks.
/// Columns are those of 5.3.
let tables: Tables =
    let first number =
        if number > 10 then "2020-06-0" else "2020-01-0"

    Map [
        "person",
        [
            "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth,birth_datetime,race_concept_id,ethnicity_concept_id"
            for number in 1..20 do
                let odd = number % 2 = 1
                let year = if number = 17 then 2010 else 1960

                $"""{person number},{(if odd then 8532 else 8507)},{year},{(if odd then "5,20" else ",")},,8527,38003564"""
        ]
        "care_site", [ "care_site_id,care_site_name"; "1,North"; "2,South"; "3,Ward"; "4,Ward" ]
        "visit_occurrence",
        [
            "visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_start_datetime,visit_end_date,visit_end_datetime,visit_type_concept_id,care_site_id,admitting_source_concept_id,discharge_to_concept_id"
            for number in 1..20 do
                let start = first number

                let ends =
                    match number with
                    | 18 -> $"{start}1,{start}1 20:00:00"
                    | 19 -> ","
                    | _ -> $"{start}5,{start}5 12:00:00"

                let site =
                    match number with
                    | 14 -> ""
                    | 15 -> "3"
                    | 16 -> "4"
                    | _ when number <= 8 -> "1"
                    | _ -> "2"

                let source = if number % 3 = 0 then 8870 else 0

                let discharge =
                    if number % 4 = 0 then 4216643
                    elif number = 6 then 8536
                    else 0

                $"{stay number},{person number},9201,{start}1,{start}1 06:00:00,{ends},32817,{site},{source},{discharge}"

            $"{stay 101},{person 1},9201,2020-01-15,2020-01-15 08:00:00,2020-01-20,2020-01-20 08:00:00,32817,1,0,8536"
            $"{stay 102},{person 2},262,2020-02-02,2020-02-02 08:00:00,2020-02-09,2020-02-09 08:00:00,32817,1,0,8536"
            $"{stay 201},{person 1},9202,2019-06-01,,2019-06-01,,32817,1,0,0"
        ]
        "death",
        [
            "person_id,death_date,death_datetime"
            $"{person 5},2020-01-04,"
            $"{person 6},2020-01-05,"
            $"{person 7},2020-01-05,2020-01-05 00:00:00"
            $"{person 9},2020-03-01,"
            $"{person 10},2020-01-01,"
        ]
        "measurement",
        [
            "measurement_id,person_id,measurement_concept_id,measurement_date,measurement_datetime,value_as_number,unit_concept_id"
            $"1,{person 1},3004249,2020-01-01,2020-01-01 07:00:00,120,8876"
            $"2,{person 1},3004249,2020-01-02,2020-01-02 05:59:59,130,8876"
            $"3,{person 1},3004249,2020-01-02,2020-01-02 06:00:00,999,8876"
            $"4,{person 1},3004249,2020-01-02,2020-01-02 00:00:00,555,8876"
            $"5,{person 1},3004249,2020-01-01,,110,8876"
            $"6,{person 2},3004249,2020-01-02,,120,8876"
            $"7,{person 3},3004249,2019-12-31,2019-12-31 05:00:00,40,8876"
            $"8,{person 3},3004249,2019-12-31,2019-12-31 07:00:00,50,8876"
            $"9,{person 1},{nextConcept},2020-01-01,2020-01-01 08:00:00,1,"
            $"10,{person 4},{concept},2020-01-01,2020-01-01 08:00:00,2,"
            $"11,{person 4},0,2020-01-01,2020-01-01 08:00:00,77,"
            $"12,{person 5},3004249,2020-01-01,2020-01-01 08:00:00,,8876"
        ]
        "condition_occurrence",
        [
            "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_start_datetime,visit_occurrence_id,condition_status_concept_id"
            $"1,{person 1},4000,2020-01-01,2020-01-01 06:00:00,{stay 1},0"
            $"2,{person 1},201826,2019-06-01,,{stay 201},0"
            $"3,{person 2},4000,2020-01-01,,,"
            $"4,{person 3},4001,2020-01-01,,{stay 3},32890"
            $"5,{person 4},201826,2019-05-05,,,"
        ]
        "drug_exposure",
        [
            "drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,drug_exposure_start_datetime"
            $"1,{person 1},{concept},2020-01-01,2020-01-01 08:00:00"
            $"2,{person 3},{nextConcept},2020-01-01,2020-01-01 08:00:00"
        ]
        "procedure_occurrence",
        [
            "procedure_occurrence_id,person_id,procedure_concept_id,procedure_date,procedure_datetime"
            $"1,{person 1},4100,2020-01-01,"
            $"2,{person 3},4100,2020-01-02,"
        ]
        "observation",
        [
            "observation_id,person_id,observation_concept_id,observation_date,observation_datetime,value_as_number,value_as_concept_id"
            $"1,{person 1},4200,2020-01-01,,,4188539"
            $"2,{person 3},4200,2020-01-01,,,4188540"
        ]
        "note",
        [
            "note_id,person_id,note_date,note_datetime,note_type_concept_id,note_class_concept_id,note_text"
            $"1,{person 1},2020-01-01,,32817,706391,\"Secret\ntext\""
        ]
    ]

/// The tables with the names that 5.4 has for columns.
let tables54: Tables =
    let renamed =
        tables["visit_occurrence"]
            .Head.Replace("admitting_source_concept_id", "admitted_from_concept_id")
            .Replace("discharge_to_concept_id", "discharged_to_concept_id")

    tables.Add("visit_occurrence", renamed :: tables["visit_occurrence"].Tail)

/// Writes the tables as csv.
let writeCsv (folder: string) (tables: Tables) =
    Directory.CreateDirectory folder |> ignore

    for KeyValue(name, rows) in tables do
        File.WriteAllText(Path.Combine(folder, name + ".csv"), ToyManifest.text rows)

let private typeOf (column: string) =
    if column.EndsWith "_date" then
        "DATE"
    elif column.EndsWith "_datetime" then
        "TIMESTAMP"
    elif column.EndsWith "_name" || column.EndsWith "_text" then
        "VARCHAR"
    elif column = "value_as_number" then
        "DECIMAL(18,3)"
    else
        "BIGINT"

/// Writes a table as Parquet, columns in upper case, with the types that `change` gives.
let writeParquetAs change (path: string) (rows: string list) =
    let columns = [
        for column in rows.Head.Split ',' -> column.ToUpperInvariant(), change column (typeOf column)
    ]

    ToyMeds.parquet path columns rows.Tail

/// Writes the tables as Parquet, measurements in two parts.
let writeParquet (folder: string) (tables: Tables) =
    for KeyValue(name, rows) in tables do
        let write (path: string) rows =
            writeParquetAs (fun _ kind -> kind) (Path.Combine(folder, path)) rows

        if name = "measurement" then
            let first, second = List.splitAt 5 rows.Tail
            write "MEASUREMENT/part-0.parquet" (rows.Head :: first)
            write "MEASUREMENT/part-1.parquet" (rows.Head :: second)
        else
            write (name.ToUpperInvariant() + ".parquet") rows

/// Loads a data set by its name.
let load (name: string) =
    (DatasetCatalog.tryFind name).Value.Load ToyManifest.access

/// Loads the tables from csv, with options in the name.
let loadWith options tables =
    TempFolder.withFolder (fun folder ->
        writeCsv folder tables
        load (folder + options))

/// The table with more rows at its end.
let add name rows (tables: Tables) = tables.Add(name, tables[name] @ rows)

/// The table with text replaced in one row (0: the header).
let edit name row (before: string) (after: string) (tables: Tables) =
    let replace i (line: string) =
        if i = row then line.Replace(before, after) else line

    tables.Add(name, List.mapi replace tables[name])
