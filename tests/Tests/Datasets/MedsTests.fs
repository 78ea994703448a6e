module CausalDebiasing.Tests.Datasets.MedsTests

open System
open System.IO
open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Cohorts
open CausalDebiasing.Tests
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.InputErrors
open CausalDebiasing.Tests.Support.ToyMeds

/// The values of a modality for a subject, none where it is not observed.
let private block name subject (loaded: LoadedCohort) =
    let cohort = loaded.Cohort
    let m = cohort.Modalities |> Seq.findIndex (fun m -> m.Name = name)
    let row = subject - 1

    if cohort.IsObserved(row, m) then
        Some(cohort.Row(m, row).ToArray())
    else
        None

let private modalities =
    """"modalities": {
    "age": { "codes": ["MEDS_BIRTH"], "as": "years" },
    "labs": { "codes": ["LAB//"], "as": "summary" },
    "hours": { "codes": ["LAB//"], "as": "hourly", "hours": 4 },
    "drugs": { "codes": ["DRUG//"], "as": "codes" } }"""

let private refuses parts (act: string -> 'result) =
    TempFolder.withFolder (fun folder ->
        write folder events labels
        let said = message (fun () -> act folder)

        for part: string in parts do
            Expect.stringContains said part "what is wrong")

let private splits folder (rows: string list) =
    parquet
        (Path.Combine(folder, "metadata", "subject_splits.parquet"))
        [ "subject_id", "BIGINT"; "split", "VARCHAR" ]
        rows

[<Tests>]
let tests =
    testList "Meds" [
        test "events become ages, summaries, series and codes of what was known at prediction" {
            let loaded = loadDescribed modalities
            let cohort = loaded.Cohort
            Expect.equal (cohort.Count, loaded.Card.Patients, loaded.Card.Events) (40, 40, 20) "rows"

            Expect.equal
                (List.ofSeq cohort.Modalities)
                [
                    Modality.Tabular("age", 1)
                    Modality.Tabular("labs", 4)
                    Modality.Series("hours", 4, 2)
                    Modality.Codes("drugs", 128, 2)
                ]
                "shapes"

            let age = (block "age" 1 loaded).Value[0]
            Expect.isTrue (abs (age - 70f) < 0.01f) "age"

            Expect.equal
                (block "labs" 2 loaded)
                (Some [| MathF.Log 3f; 3f; 3f; 6f |])
                "count, last, least, greatest"

            Expect.equal
                (block "hours" 1 loaded)
                (Some [| 5f; 1f; 5f; 0f; 5f; 0f; 4f; 1f |])
                "at seven, carried on, and at half past nine"

            Expect.equal
                ((block "drugs" 4 loaded).Value[..2])
                [| 2f; 1f; 0f |]
                "heparin, the latest, then aspirin"

            Expect.equal (block "drugs" 1 loaded) None "no drug"
        }

        test "a modality can be of the last hours alone" {
            let labs within =
                block
                    "labs"
                    1
                    (loadDescribed
                        $""""modalities": {{ "labs": {{ "codes": ["LAB//"], "as": "summary"{within} }} }}""")

            Expect.equal (labs """, "within": 1""") (Some [| MathF.Log 2f; 4f; 4f; 4f |]) "half past nine"
            Expect.equal (labs """, "within": 3""") (labs "") "from seven on"
        }

        test "what is later than the prediction changes nothing" {
            let before = loadWith events labels

            let poison time = [
                for subject in subjects do
                    $"{subject},{time},LAB//K,{1000 + subject}"
                    $"{subject},{time},LAB//NEW,{subject % 2}"
                    $"{subject},{time},DRUG//outcome{subject % 2},"
                    $"{subject},{time},ADMISSION//C,"
                    $"{subject},{time},OUTCOME//{subject % 2},"
            ]

            let poisoned time =
                (loadWith (events @ poison time) labels).Cohort

            Expect.isTrue
                (WorldSupport.same (poisoned "2020-01-01 10:00:01") before.Cohort)
                "a second after the prediction time"

            Expect.isFalse
                (WorldSupport.same (poisoned "2020-01-01 10:00:00") before.Cohort)
                "at the prediction time"
        }

        test "a subject with several predictions is one patient, and each row has its own past" {
            let loaded =
                loadWith events (labels @ [ "1,2020-01-01 08:00:00,true"; "2,2020-01-01 05:00:00," ])

            Expect.equal (loaded.Card.Rows, loaded.Card.Patients) (41, 40) "rows and patients"

            Expect.equal
                [ for step in loaded.Card.Exclusions -> step.Reason, step.Rows ]
                [ "outcome unknown", 1; "no modality observed", 0 ]
                "a label without a value"

            let m = loaded.Cohort.Modalities |> Seq.findIndex (fun m -> m.Name = "lab")
            Expect.equal (loaded.Cohort.Row(m, 0).ToArray()[1]) 5f "at eight"
            Expect.equal (loaded.Cohort.Row(m, 1).ToArray()[1]) 4f "at ten"
        }

        test "a number without a time is known first, and is the last only where there is no other" {
            let rest =
                events
                |> List.filter (fun row -> not (row.Contains "LAB" && row.StartsWith "1,"))

            let loaded = loadWith (rest @ [ "1,,LAB//K,9"; "2,,LAB//K,9" ]) labels
            Expect.equal (block "lab" 1 loaded) (Some [| MathF.Log 2f; 9f; 9f; 9f |]) "alone"

            Expect.equal
                (block "lab" 2 loaded)
                (Some [| MathF.Log 4f; 3f; 3f; 9f |])
                "the dated one is the last"
        }

        test "modalities are drafted from the codes where none are described" {
            let cohort = (loadWith events labels).Cohort

            Expect.equal
                [ for m in cohort.Modalities -> m.Name, m.Kind ]
                [
                    "age", ModalityKind.Tabular
                    "lab", ModalityKind.Tabular
                    "sex", ModalityKind.Codes
                    "admission", ModalityKind.Codes
                    "drug", ModalityKind.Codes
                ]
                "numbers are summed up"
        }

        test "sites come from the last code, or from a column that the metadata name" {
            let sites (loaded: LoadedCohort) = [ for site in loaded.Card.Sites -> site.Site, site.Rows ]

            let ofCode = loadDescribed """"site": { "code": "ADMISSION//" }"""
            Expect.equal (sites ofCode) [ "A", 20; "B", 20 ] "by code"

            TempFolder.withFolder (fun folder ->
                write folder events labels
                Directory.Delete(Path.Combine(folder, "data"), recursive = true)

                parquet
                    (Path.Combine(folder, "data", "0.parquet"))
                    (eventColumns @ [ "hospital", "VARCHAR" ])
                    (events
                     |> List.map (fun row ->
                         row
                         + ","
                         + (if row.Contains "LAB" then
                                $"h{int (row.Split(',')[0]) % 2}.0"
                            else
                                "")))

                Directory.CreateDirectory(Path.Combine(folder, "metadata")) |> ignore

                File.WriteAllText(
                    Path.Combine(folder, "metadata", "dataset.json"),
                    """{ "dataset_name": "toy", "site_id_columns": ["hospital"] }"""
                )

                Expect.equal (sites (load folder)) [ "h0.0", 20; "h1.0", 20 ] "by column")
        }

        test "subjects are divided as the standard's file says, or at random" {
            TempFolder.withFolder (fun folder ->
                write folder events labels

                let part subject =
                    if subject % 5 = 0 then "held_out"
                    elif subject % 5 = 1 then "tuning"
                    else "train"

                splits folder [ for subject in subjects -> $"{subject},{part subject}" ]
                let split = (load folder).Split.Value
                Expect.equal split.Condition "id" "condition"
                Expect.equal split.Parts[0..5] [| 1; 0; 0; 0; 2; 1 |] "parts"
                Expect.isNone (load (describe folder """"split": "random" """)).Split "at random"

                let refuses part rows =
                    splits folder rows
                    Expect.stringContains (message (fun () -> load folder)) part "what is wrong"

                let twoParts subject =
                    if subject = 1 then "tuning" else "train"

                refuses "'held_out'" [ for subject in subjects -> $"{subject},{twoParts subject}" ]
                refuses "none of train" [ for subject in subjects -> $"{subject},test" ]
                refuses "has no split" [ "1,train" ])
        }

        test "labels are found in the folder, named, or the outcome of a task" {
            TempFolder.withFolder (fun folder ->
                write folder events labels

                let same (name: string) =
                    Expect.equal (load name).Card.Rows 40 name

                let moved = Path.Combine(folder, "elsewhere.parquet")
                File.Move(Path.Combine(folder, "labels", "mortality.parquet"), moved)

                match (DatasetCatalog.tryFind folder).Value.Status None with
                | Absent reason -> Expect.stringContains reason "@labels:" "how to say it"
                | Present _ -> failtest "nothing says what to predict"

                same $"{folder}@labels:{moved}"
                same (describe folder """"labels": "elsewhere.parquet" """)

                File.WriteAllText(
                    Path.Combine(folder, "labels.csv"),
                    ToyManifest.text ("subject_id,prediction_time,boolean_value" :: labels)
                )

                same $"{folder}@labels:labels.csv"

                let task = Path.Combine(folder, "task.yaml")

                File.WriteAllText(
                    task,
                    "predicates:\n  admission: { code: { regex: '^ADMISSION' } }\n  heparin: { code: DRUG//heparin }\n"
                    + "trigger: admission\nwindows:\n  input: { start: null, end: trigger + 2h, start_inclusive: true, end_inclusive: true, index_timestamp: end }\n"
                    + "  target: { start: input.end, end: start + 1 day, start_inclusive: false, end_inclusive: true, label: heparin }\n"
                )

                let loaded = load $"{folder}@task:{task}"

                Expect.equal
                    (loaded.Card.Rows, loaded.Card.Events)
                    (40, 10)
                    "every fourth subject gets heparin at 8:30"

                let drugs = loaded.Cohort.Modalities |> Seq.find (fun m -> m.Name = "drug")
                Expect.equal drugs.Width 1 "aspirin at eight is known, heparin is not"
                let leftOut = load $"{folder}@task:{task}@folds:5"
                Expect.equal leftOut.Card.Rows 40 "folds of a task")
        }

        test "files that are not of the standard are refused by name" {
            let rewrite types rows folder =
                parquet (Path.Combine(folder, "data", "train", "0.parquet")) types rows
                load folder

            refuses
                [ "0.parquet"; "no column 'code'" ]
                (rewrite [ "subject_id", "BIGINT"; "time", "TIMESTAMP" ] [ "1," ])

            refuses
                [ "'time' is of type VARCHAR" ]
                (rewrite [ "subject_id", "BIGINT"; "time", "VARCHAR"; "code", "VARCHAR" ] [ "1,x,y" ])

            refuses [ "held_out"; "cut short" ] (fun folder ->
                let path = Path.Combine(folder, "data", "held_out", "0.parquet")
                let bytes = File.ReadAllBytes path
                File.WriteAllBytes(path, bytes[.. bytes.Length / 2])
                load folder)

            refuses [ "'boolean_value'"; "binary" ] (fun folder ->
                parquet (Path.Combine(folder, "labels", "mortality.parquet")) [
                    "subject_id", "BIGINT"
                    "prediction_time", "TIMESTAMP"
                    "boolean_value", "INTEGER"
                ] [ "1,2020-01-01,1" ]

                load folder)

            refuses [ "both outcomes" ] (fun folder ->
                write folder events [ "1,2020-01-01 10:00:00,true" ]
                load folder)

            refuses [ "no labelled row" ] (fun folder ->
                write folder events [ "99,2020-01-01 10:00:00,true" ]
                load folder)

            refuses [ "'ward'" ] (fun folder -> load (describe folder """"site": { "column": "ward" }"""))
        }

        test "events that are elsewhere need a description, which a draft gives" {
            TempFolder.withFolder (fun folder ->
                let types = [
                    "subject_id", "BIGINT"
                    "time", "TIMESTAMP"
                    "code", "VARCHAR"
                    "value", "FLOAT"
                ]

                parquet (Path.Combine(folder, "events.parquet")) types events
                Expect.stringContains (message (fun () -> load folder)) "data init" "how to read it"
                let outcome = Path.Combine(folder, "outcome", "mortality.parquet")
                parquet outcome labelColumns labels
                let draft, notes = MedsFolderDraft.draft folder (Some outcome)
                Expect.equal draft.Columns (Some(Map [ "numeric_value", "value" ])) "the numbers"
                Expect.equal draft.Events (Some "events.parquet") "the file"
                Expect.exists notes (fun note -> note.Contains "'value'") "says what was guessed"
                let path = Path.Combine(folder, "draft.json")
                File.WriteAllText(path, MedsDescription.write draft)
                let loaded = load path
                Expect.equal loaded.Card.Rows 40 "rows"
                Expect.isTrue (loaded.Cohort.Modalities |> Seq.exists (fun m -> m.Name = "lab")) "modalities")
        }

        test "descriptions that contradict themselves are refused" {
            let refuses part properties =
                let said =
                    message (fun () ->
                        MedsDescription.parse
                            "d.json"
                            ($"{{ \"name\": \"toy\", \"meds\": \".\", {properties} }}"))

                Expect.stringContains said part "what is wrong"

            refuses "'labels' and 'task'" """"labels": "a", "task": "b" """
            refuses "'split'" """"split": "halves" """
            refuses "'site'" """"site": {} """
            refuses "'as'" """"modalities": { "x": { "codes": ["A"], "as": "sums" } }"""
            refuses "'codes'" """"modalities": { "x": { "as": "codes" } }"""
            refuses "'hours'" """"modalities": { "x": { "codes": ["A"], "as": "hourly", "hours": 0 } }"""
            refuses "line" """"label": "a" """
        }
    ]
