/// Small whole files of the forms that are read.
module CausalDebiasing.Bench.Cli.Faults.SampleFiles

open System
open System.IO
open System.IO.Compression
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Exchange
open DuckDB.NET.Data

let private write (folder: string) (name: string) (lines: string list) =
    let path = Path.Combine(folder, name)
    Directory.CreateDirectory(string (Path.GetDirectoryName path)) |> ignore
    File.WriteAllText(path, String.concat "\n" lines + "\n")
    path

/// 40 rows of 20 patients at two sites; bmi and kind are missing together in every fourth.
let table folder =
    write folder "table.csv" [
        "stay,patient,site,age,bmi,kind,death,admitted"
        for i in 0..39 do
            let bmi, kind =
                if i % 4 = 0 then
                    "-1", "?"
                else
                    $"{20 + i % 7}.5", (if i % 2 = 0 then "a" else "b")

            let outcome = if i / 2 % 2 = 0 then "alive" else "dead"
            $"{100 + i},p{i / 2},{i % 2},{40 + i},{bmi},{kind},{outcome},{2000 + i}-01-02"
    ]

/// A manifest of that table under a name.
let manifest folder (table: string) =
    write folder "table.json" [
        "{"
        "  // What a comment may say."
        "  \"name\": \"table\", \"title\": \"A table\", \"licence\": \"none\","
        $"  \"files\": [{{ \"path\": \"{Path.GetFileName table}\" }}],"
        "  \"outcome\": { \"column\": \"death\", \"positive\": \"= dead\", \"negative\": \"= alive\" },"
        "  \"missing\": [\"?\"], \"id\": \"stay\", \"patient\": \"patient\", \"site\": \"site\","
        "  \"columns\": { \"bmi\": { \"missing\": [\"-1\"] },"
        "    \"kind\": { \"categorical\": true, \"levels\": [\"a\", \"b\"], \"unknown\": \"error\" } },"
        "  \"modalities\": { \"age\": [\"age\"], \"body\": [\"bmi\", \"kind\"] }"
        "}"
    ]

/// The file in gzip, beside it.
let compressed (file: string) =
    let path = file + ".gz"
    use source = File.OpenRead file
    use target = File.Create path
    use gzip = new GZipStream(target, CompressionMode.Compress)
    source.CopyTo gzip
    path

/// The table as Parquet, beside it.
let parquet (table: string) =
    let path = string (Path.ChangeExtension(table, ".parquet"))
    use connection = new DuckDBConnection("DataSource=:memory:")
    connection.Open()
    use command = connection.CreateCommand()

    command.CommandText <-
        $"COPY (SELECT * FROM read_csv({TableFile.literal table}, all_varchar = true)) TO {TableFile.literal path} (FORMAT parquet)"

    command.ExecuteNonQuery() |> ignore
    path

/// Twelve stays of the challenge of 2012 under a data root; gives the outcomes and a record.
let challenge root =
    let folder = Path.Combine(root, "physionet2012")

    let record stay =
        write folder $"set-a/{stay}.txt" [
            "Time,Parameter,Value"
            $"00:00,RecordID,{stay}"
            $"00:00,Age,{stay % 60 + 30}"
            "00:00,Gender,1"
            "00:00,Height,-1"
            $"00:00,ICUType,{1 + stay % 4}"
            "00:00,Weight,-1"
            "00:07,HR,80"
            "03:00,pH,735"
            "03:00,PaCO2,40"
            "04:00,BUN,20"
            "05:00,ALT,30"
            "06:00,Lactate,2"
            "07:00,TroponinT,0.1"
            "08:00,Urine,100"
            "08:00,MechVent,1"
            "48:00,Weight,75"
        ]

    let records = List.map record [ 9001..9012 ]

    let outcomes =
        write folder "Outcomes-a.txt" [
            "RecordID,SAPS-I,SOFA,Length_of_stay,Survival,In-hospital_death"
            for stay in 9001..9012 do
                $"{stay},6,1,5,-1,{stay % 2}"
        ]

    outcomes, records.Head

/// A cohort in the form of YAIB; gives the measurements.
let yaib folder =
    let variables = YaibVariables.all |> Array.map _.Name
    let stays = [ 1..12 ]

    write folder "sta.csv" [
        "stay_id,age,sex,height,weight"
        for stay in stays do
            $"{stay},{40 + stay},Female,170,70"
    ]
    |> ignore

    write folder "outc.csv" [
        "stay_id,label"
        for stay in stays do
            $"{stay},{stay % 2}"
    ]
    |> ignore

    write folder "dyn.csv" [
        $"""stay_id,time,{String.concat "," variables}"""
        for stay in stays do
            let cells = variables |> Array.mapi (fun i _ -> string (20 + (i + stay) % 50))
            $"""{stay},{stay},{String.concat "," cells}"""
    ]

/// Predictions for rows of one study.
let predictions folder =
    let study = String('a', ExchangeStudy.keyDigits)

    write folder "predictions.csv" [
        "row,probability"
        for row in 1..20 do
            $"{study}-{row},0.{row}"
    ]

/// A task over events.
let task folder =
    write folder "task.yaml" [
        "predicates:"
        "  admission: { code: { regex: \"^ADMISSION//\" } }"
        "  low: { code: SPO2, value_max: 90, value_max_inclusive: false }"
        "  died: { code: { any: [DEATH, EXPIRED] } }"
        "  ended: { expr: \"or(low, died)\" }"
        "trigger: admission"
        "windows:"
        "  input: { start: null, end: trigger + 24h, start_inclusive: true, end_inclusive: true, index_timestamp: end,"
        "           has: { _ANY_EVENT: \"(5, None)\" } }"
        "  target: { start: input.end, end: start -> ended, start_inclusive: false, end_inclusive: true, label: died }"
    ]

/// The description of a folder of events.
let events folder =
    write folder "events.json" [
        "{ \"name\": \"events\", \"meds\": \"folder\", \"labels\": \"labels.parquet\", \"split\": \"random\","
        "  \"site\": { \"code\": \"ADMISSION//\" }, \"columns\": { \"numeric_value\": \"value\" },"
        "  \"modalities\": { \"labs\": { \"codes\": [\"LAB//\"], \"as\": \"hourly\", \"hours\": 24, \"most\": 8 } } }"
    ]

/// The description of a baseline in another language.
let baseline folder =
    write folder "other.json" [
        "{ \"command\": [\"python3\", \"other.py\"], \"check\": [\"python3\", \"-c\", \"import numpy\"],"
        "  \"remedy\": \"install numpy\", \"format\": \"csv\", \"seconds\": 60, \"threads\": 2 }"
    ]
