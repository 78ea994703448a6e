/// Small folders in the Medical Event Data Standard.
module CausalDebiasing.Tests.Support.ToyMeds

open System.IO
open DuckDB.NET.Data
open CausalDebiasing.Bench.Datasets

/// Runs a statement of DuckDB.
let execute (sql: string) =
    use connection = new DuckDBConnection("DataSource=:memory:")
    connection.Open()
    use command = connection.CreateCommand()
    command.CommandText <- sql
    command.ExecuteNonQuery() |> ignore

/// Writes rows of csv, with the header first, as Parquet; `types` gives name and type of each column.
let parquet (path: string) (types: (string * string) list) (rows: string list) =
    Directory.CreateDirectory(nonNull (Path.GetDirectoryName path)) |> ignore
    let source = path + ".csv"
    File.WriteAllText(source, ToyManifest.text ((types |> List.map fst |> String.concat ",") :: rows))

    let columns =
        types
        |> List.map (fun (name, kind) -> $"{TableFile.literal name}: '{kind}'")
        |> String.concat ", "

    execute
        $"COPY (SELECT * FROM read_csv({TableFile.literal source}, header = true, columns = {{{columns}}})) TO {TableFile.literal path} (FORMAT parquet)"

    File.Delete source

let eventColumns = [
    "subject_id", "BIGINT"
    "time", "TIMESTAMP"
    "code", "VARCHAR"
    "numeric_value", "FLOAT"
]

let labelColumns = [
    "subject_id", "BIGINT"
    "prediction_time", "TIMESTAMP"
    "boolean_value", "BOOLEAN"
]

let subjects = [ 1..40 ]

/// Subject, time (empty for static), code and number. Every subject is born in 1950, has one of two sexes, is admitted on the first of
/// January 2020 to ward A or B and has two potassium values, of which even subjects have a third that is unknown.
let events = [
    for subject in subjects do
        let sex = if subject % 3 = 0 then "F" else "M"
        let ward = if subject <= 20 then "A" else "B"
        $"{subject},1950-01-01 00:00:00,MEDS_BIRTH,"
        $"{subject},,SEX//{sex},"
        $"{subject},2020-01-01 06:00:00,ADMISSION//{ward},"
        $"{subject},2020-01-01 07:00:00,LAB//K,{4 + subject % 3}"
        $"{subject},2020-01-01 09:30:00,LAB//K,{3 + subject % 2}"

        if subject % 2 = 0 then
            $"{subject},2020-01-01 09:45:00,LAB//K,"
            $"{subject},2020-01-01 08:00:00,DRUG//aspirin,"

        if subject % 4 = 0 then
            $"{subject},2020-01-01 08:30:00,DRUG//heparin,"
]

/// Predictions at ten o'clock; odd subjects above 20 and even ones below have the event.
let labels = [
    for subject in subjects do
        let outcome = (subject > 20) = (subject % 2 = 1)
        $"{subject},2020-01-01 10:00:00,{outcome}"
]

/// Writes events in two files and labels, both as they are given.
let write (folder: string) (events: string list) (labels: string list) =
    let isFirst (row: string) = int (row.Split(',')[0]) <= 20
    let first, second = List.partition isFirst events
    parquet (Path.Combine(folder, "data", "train", "0.parquet")) eventColumns first
    parquet (Path.Combine(folder, "data", "held_out", "0.parquet")) eventColumns second
    parquet (Path.Combine(folder, "labels", "mortality.parquet")) labelColumns labels

/// Loads a data set by its name.
let load (name: string) =
    (DatasetCatalog.tryFind name).Value.Load ToyManifest.access

/// Loads a folder with these events.
let loadWith events labels =
    TempFolder.withFolder (fun folder ->
        write folder events labels
        load folder)

/// A description of the folder with these further properties.
let describe (folder: string) (properties: string) =
    let path = Path.Combine(folder, "toy.json")
    File.WriteAllText(path, $"{{ \"name\": \"toy\", \"meds\": \".\", {properties} }}")
    path

/// Writes the toy into a folder and loads it by a description with these further properties.
let loadDescribed (properties: string) =
    TempFolder.withFolder (fun folder ->
        write folder events labels
        load (describe folder properties))
