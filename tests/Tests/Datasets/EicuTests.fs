module CausalDebiasing.Tests.Datasets.EicuTests

open System
open System.IO
open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Tests
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.PhysioNet2012Fixture
open CausalDebiasing.Tests.Support.ToyRelease

let private read name tables = load "eicu-demo" name tables

let private refused name parts change =
    test name { expectInputError parts (fun () -> read "eicu-demo" (change eicu)) }

let private excluded (loaded: LoadedCohort) = [ for exclusion in loaded.Card.Exclusions -> exclusion.Rows ]

[<Tests>]
let tests =
    testList "Eicu" [
        test "mortality: stays at risk at hour 24, deaths, patients, regions" {
            let loaded = read "eicu-demo" eicu
            Expect.equal (excluded loaded) [ 1; 0; 1; 0; 0 ] "a child, and a stay of 10 hours"
            Expect.equal (loaded.Card.Rows, loaded.Card.Patients) (38, 19) "rows"
            Expect.equal loaded.Card.Events 8 "patients 4, 8, 12 and 16 with two stays each"
            Expect.equal (List.ofSeq loaded.Cohort.SiteNames) [ "South"; "West"; "unknown" ] "regions"
        }

        test "readmission: ICU stays that go on at hour 24, followed by a readmission" {
            let loaded = read "eicu-demo-readmission" eicu
            Expect.equal (excluded loaded) [ 14; 1; 0; 0; 0; 0 ] "step-down stays, and a child"
            Expect.equal (loaded.Card.Rows, loaded.Card.Events) (25, 6) "first stays of patients 3, ..., 18"
        }

        test "tables that are absent are absent modalities, each said" {
            let loaded = read "eicu-demo" eicu

            Expect.equal
                [ for modality in loaded.Cohort.Modalities -> modality.Name ]
                [
                    "demographics"
                    "apache"
                    "diagnoses"
                    "medications"
                    "notes"
                    "respiratory-charting"
                    "chemistry"
                    "lactate"
                    "vitals"
                ]
                "modalities"

            for name, reason in
                [
                    "treatments", "treatment is not in"
                    "nurse-charting", "nurseCharting is not in"
                    "hepatic", "no row has any of it"
                ] do
                Expect.exists
                    loaded.Card.Absent
                    (fun line -> line.StartsWith name && line.Contains reason)
                    $"{name}: {loaded.Card.Absent}"
        }

        test "measurements are summed up by stay, implausible ones set missing" {
            let loaded = read "eicu-demo" eicu

            Expect.equal
                (block "vitals" 0 loaded).Value[..5]
                [| MathF.Log 3f; 80f; 100f; 80f; 100f; 90f |]
                "count, first, last, minimum, maximum, mean"

            Expect.equal
                (block "vitals" 0 loaded).Value[12..17]
                [| MathF.Log 2f; 98f; 98f; 98f; 98f; 98f |]
                "SaO2"

            Expect.isNone (block "vitals" 2 loaded) "not measured"
            Expect.equal loaded.Card.ImplausibleValues 1 "a heart rate of 0"
            Expect.equal (block "chemistry" 0 loaded).Value[1] 140f "sodium, from before the unit"
            Expect.equal (block "respiratory-charting" 0 loaded).Value[1] 40f "per cent"
            let apache = (block "apache" 0 loaded).Value
            Expect.equal (apache[6 * 7 + 1], apache[6 * 6]) (10.2f, 0f) "-1 means not measured"
        }

        test "codes: drugs by their ingredient, else by name" {
            let loaded = read "eicu-demo" eicu
            Expect.equal ((block "medications" 0 loaded).Value[..2]) [| 1f; 2f; 0f |] "two of three orders"
        }

        test "what is entered after the prediction time changes nothing" {
            let later =
                eicu
                |> add "vitalPeriodic" [ "9,1,1440,,,240,,,,,"; "10,3,5000,,,90,,,,," ]
                |> add "diagnosis" [ "9,1,1440,late"; "10,2,1500,later" ]
                |> add "lab" [ "9,1,1441,hepatic,1"; "10,2,1500,albumin,3" ]
                |> add "note" [ "9,4,60,1440,notes/late" ]
                |> add "respiratoryCharting" [ "9,1,10,1500,FiO2,90" ]

            let before, after = read "eicu-demo" eicu, read "eicu-demo" later
            Expect.isTrue (WorldSupport.same before.Cohort after.Cohort) "cohort"
            Expect.isNone (block "notes" 1 before) "entered on the second day"
            Expect.isSome (block "notes" 2 before) "entered on the first"
        }

        test "nurse charting: numbers by name, charted and entered before the prediction time" {
            let charted =
                eicu.Add(
                    "nurseCharting",
                    [
                        "nursingchartid,patientunitstayid,nursingchartoffset,nursingchartentryoffset,nursingchartcelltypecat,nursingchartcelltypevallabel,nursingchartcelltypevalname,nursingchartvalue"
                        "1,1,30,31,Vital Signs,Heart Rate,Heart Rate,82"
                        "2,1,90,95,Vital Signs,Heart Rate,Heart Rate,96"
                        "3,1,60,61,Vital Signs,Non-Invasive BP,Non-Invasive BP Systolic,120"
                        "4,1,60,61,Scores,Glasgow coma score,GCS Total,Unable to score due to medication"
                        "5,1,60,61,Scores,Glasgow coma score,GCS Total,14"
                        "6,1,60,61,Other Vital Signs and Infusions,Pain Score/Goal,Pain Score,3"
                        "7,1,1440,1441,Vital Signs,Heart Rate,Heart Rate,200"
                        "8,1,1430,1440,Vital Signs,Heart Rate,Heart Rate,201"
                        "9,2,1439,1439,Vital Signs,O2 Saturation,O2 Saturation,97"
                        "10,3,2000,2001,Vital Signs,O2 Saturation,O2 Saturation,97"
                    ]
                )

            let loaded = read "eicu-demo" charted
            let values = (block "nurse-charting" 0 loaded).Value
            let of' place = values[6 * place .. 6 * place + 5]

            Expect.equal
                (of' 0)
                [| MathF.Log 3f; 82f; 96f; 82f; 96f; 89f |]
                "heart rate, in the order of the times"

            Expect.equal (of' 4) [| MathF.Log 2f; 120f; 120f; 120f; 120f; 120f |] "systolic pressure"
            Expect.equal (of' 7) [| MathF.Log 2f; 14f; 14f; 14f; 14f; 14f |] "coma score, without the text"

            Expect.equal
                (block "nurse-charting" 1 loaded).Value[12..13]
                [| MathF.Log 2f; 97f |]
                "just in time"

            Expect.isNone (block "nurse-charting" 2 loaded) "later"

            let earlier = read "eicu-demo@hour:1" charted

            Expect.equal
                (block "nurse-charting" 0 earlier).Value[..1]
                [| MathF.Log 2f; 82f |]
                "in the first hour"

            Expect.isNone (block "nurse-charting" 1 earlier) "not yet"
        }

        test "fluid balance: totals charted and entered before the prediction time" {
            let balance =
                eicu.Add(
                    "intakeOutput",
                    [
                        "intakeoutputid,patientunitstayid,intakeoutputoffset,intaketotal,outputtotal,dialysistotal,nettotal,intakeoutputentryoffset,cellpath,celllabel,cellvaluenumeric,cellvaluetext"
                        "1,1,60,100.5,0,0,100.5,62,flowsheet|I&O|Intake (ml),Oral,100.5,100.5"
                        "2,1,120,250,400,0,-150,125,flowsheet|I&O|Output (ml),Urine,400,400"
                        "3,1,1440,9000,9000,0,0,1441,flowsheet|I&O|Output (ml),Urine,1,1"
                        "4,1,1400,8000,8000,0,0,1500,flowsheet|I&O|Output (ml),Urine,1,1"
                        "5,2,60,10,20,0,-10,1440,flowsheet|I&O|Output (ml),Urine,20,20"
                    ]
                )

            let loaded = read "eicu-demo" balance

            Expect.equal
                (block "fluid-balance" 0 loaded).Value
                [|
                    yield! [| MathF.Log 3f; 100.5f; 250f; 100.5f; 250f; 175.25f |]
                    yield! [| MathF.Log 3f; 0f; 400f; 0f; 400f; 200f |]
                |]
                "intake and output"

            Expect.isNone (block "fluid-balance" 1 loaded) "entered too late"
        }

        test "a row with more codes than slots keeps the earliest" {
            let many =
                eicu
                |> add "diagnosis" [
                    for i in 0..39 do
                        $"{200 + i},1,{100 + 39 - i},x%02d{i}"
                ]

            let codes = (block "diagnoses" 0 (read "eicu-demo" many)).Value
            Expect.hasLength codes 32 "slots"

            // Beside the 38 rare ones and sepsis there are the 30 latest letters, in the order of their times.
            Expect.equal codes[2..] [| for place in 0..29 -> float32 (69 - place) |] "x39 first, x10 last"
            Expect.equal codes[1] 39f "sepsis, after the rare one"
        }

        test "another prediction hour" {
            let loaded = read "eicu-demo@hour:10" eicu
            Expect.equal (excluded loaded) [ 1; 0; 0; 0; 0 ] "the stay of 10 hours still goes on"
            Expect.isNone (block "notes" 2 loaded) "entered in hour 14"
            Expect.isNone (block "vitals" 1 loaded) "measured in hour 12"

            Expect.exists
                loaded.Card.Absent
                (fun line -> line.StartsWith "apache: known from hour 24")
                "a summary of the first day"
        }

        test "training in 2014 and testing in 2015" {
            let loaded = read "eicu-demo@time" eicu
            let split = loaded.Split.Value
            Expect.equal split.Condition "later" "condition"

            let patients part =
                Set [
                    for row in 0 .. loaded.Cohort.Count - 1 do
                        if split.Parts[row] = part then
                            loaded.Cohort.Patients[row]
                ]

            Expect.equal (List.map (patients >> Set.count) [ 0; 1; 2 ]) [ 9; 1; 9 ] "patients"
            Expect.isEmpty (Set.intersect (patients 2) (patients 0 + patients 1)) "apart"
        }

        test "hospitals as sites, and the series of a YAIB cohort of the same stays" {
            Expect.equal
                (List.ofSeq (read "eicu-demo-hospitals" eicu).Cohort.SiteNames)
                [ "10"; "11"; "12" ]
                "hospitals"

            TempFolder.withFolder (fun root ->
                ToyYaib.write root (ToyYaib.dynamic 3600) ToyYaib.statics ToyYaib.outcomes ToyYaib.patients
                write root "eicu-demo" eicu

                let loaded =
                    (DatasetCatalog.tryFind "eicu-demo-with-yaib").Value.Load(accessTo root)

                Expect.equal (block "yaib-vitals" 0 loaded).Value[..1] [| MathF.Log 3f; 80f |] "stay 1"
                Expect.isNone (block "yaib-vitals" 30 loaded) "a stay that the cohort does not have")
        }

        test "options that do not exist" {
            for name in [ "eicu-demo@hour:0"; "eicu-demo@hour:x"; "eicu-demo@when" ] do
                expectInputError [ name; "@hour:H" ] (fun () -> DatasetCatalog.tryFind name)
        }

        test "a table as Parquet, and one of another schema" {
            let parquet select =
                TempFolder.withFolder (fun root ->
                    write root "eicu-demo" (eicu.Remove "lab")
                    let path = Path.Combine(root, "eicu-demo", "lab.parquet")
                    use connection = new DuckDB.NET.Data.DuckDBConnection("DataSource=:memory:")
                    connection.Open()
                    use command = connection.CreateCommand()
                    command.CommandText <- $"COPY ({select}) TO '{path}' (FORMAT parquet)"
                    command.ExecuteNonQuery() |> ignore
                    (DatasetCatalog.tryFind "eicu-demo").Value.Load(accessTo root))

            let loaded =
                parquet
                    "SELECT 1 AS patientunitstayid, 5 AS labresultoffset, 'sodium' AS labname, 139.5 AS labresult"

            Expect.equal (block "chemistry" 0 loaded).Value[1] 139.5f "sodium"

            expectInputError [ "lab.parquet"; "'labresult'"; "VARCHAR"; "official schema" ] (fun () ->
                parquet
                    "SELECT 1 AS patientunitstayid, 5 AS labresultoffset, 'sodium' AS labname, 'x' AS labresult")

            expectInputError [ "lab.parquet"; "no column 'labname'" ] (fun () ->
                parquet "SELECT 1 AS patientunitstayid, 5 AS labresultoffset, 139.5 AS labresult")
        }

        test "tables that were unpacked give the same cohort" {
            TempFolder.withFolder (fun root ->
                write root "eicu-demo" eicu

                let load () =
                    (DatasetCatalog.tryFind "eicu-demo").Value.Load(accessTo root)

                let expected = load ()
                let folder = Path.Combine(root, "eicu-demo")

                for KeyValue(name, rows) in eicu do
                    File.WriteAllLines(Path.Combine(folder, name + ".csv"), rows)
                    File.Delete(Path.Combine(folder, name + ".csv.gz"))

                let loaded = load ()
                Expect.isTrue (WorldSupport.same loaded.Cohort expected.Cohort) "cohort")
        }

        test "a gzip stream cut short" {
            TempFolder.withFolder (fun root ->
                write root "eicu-demo" eicu
                let path = Path.Combine(root, "eicu-demo", "lab.csv.gz")
                let bytes = File.ReadAllBytes path

                for length in [ bytes.Length - 4; bytes.Length - 12; bytes.Length / 2 ] do
                    File.WriteAllBytes(path, bytes[.. length - 1])

                    expectInputError [ "lab.csv.gz"; "gzip" ] (fun () ->
                        (DatasetCatalog.tryFind "eicu-demo").Value.Load(accessTo root)))
        }

        refused
            "a missing column"
            [ "vitalPeriodic.csv.gz"; "no column 'heartrate'" ]
            (edit "vitalPeriodic" 0 "heartrate" "pulse")
        refused
            "a value of another type"
            [ "lab.csv.gz, line 3, column 'labresult'" ]
            (edit "lab" 2 "2.5" "high")
        refused
            "a stay that occurs twice"
            [ "patient.csv.gz, row 5, column 'patientunitstayid'"; "twice" ]
            (edit "patient" 5 "5,103" "4,103")
        refused
            "a code that does not exist"
            [ "patient.csv.gz, row 3, column 'gender'" ]
            (edit "patient" 3 "Female" "F")
        refused
            "an outcome that does not exist"
            [ "patient.csv.gz, row 3, column 'hospitaldischargestatus'" ]
            (edit "patient" 3 ",Alive,MICU" ",Dead,MICU")
        refused
            "dates out of order"
            [
                "patient.csv.gz, row 3, column 'hospitaldischargeoffset'"
                "before the admission"
            ]
            (edit "patient" 3 ",8979," ",-90,")
        refused "an empty table" [ "patient.csv.gz"; "no stay" ] (fun tables ->
            tables.Add("patient", [ tables["patient"].Head ]))
        refused "outcomes of one class" [ "both outcomes" ] (fun tables ->
            tables.Add("patient", tables["patient"] |> List.map _.Replace("Expired", "Alive")))

        test "an event table without rows is a modality that no row has" {
            let loaded =
                read
                    "eicu-demo"
                    (eicu.Add("note", [ "noteid,patientunitstayid,noteoffset,noteenteredoffset,notepath" ]))

            Expect.exists loaded.Card.Absent (fun line -> line.StartsWith "notes: no row") "said"
        }
    ]
