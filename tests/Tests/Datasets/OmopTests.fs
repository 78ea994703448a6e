module CausalDebiasing.Tests.Datasets.OmopTests

open System
open System.IO
open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Cohorts
open CausalDebiasing.Tests
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.ToyOmop

let private block = ToyRelease.block

let private excluded (loaded: LoadedCohort) = [ for step in loaded.Card.Exclusions -> step.Rows ]

/// Rows of the cohort: 1, its second stay, 2, its second stay, 3, ...
let private first, private second, private third, private fourth, private fifth =
    0, 1, 4, 5, 6

let private width name (loaded: LoadedCohort) =
    (loaded.Cohort.Modalities |> Seq.find (fun m -> m.Name = name)).Width

/// How many codes a row has.
let private codes name row loaded =
    block name row loaded
    |> Option.map (Array.filter (fun code -> code > 0f) >> Array.length)

[<Tests>]
let tests =
    testList "Omop" [
        test "rows, deaths and exclusions are those counted by hand" {
            let loaded = loadWith "" tables
            Expect.equal (loaded.Card.Rows, loaded.Card.Patients, loaded.Card.Events) (18, 16, 7) "rows"

            Expect.equal
                [ for step in loaded.Card.Exclusions -> step.Reason, step.Rows ]
                [
                    "discharged before admitted", 0
                    "younger than 18", 1
                    "stay over by hour 24", 2
                    "outcome unknown", 1
                    "no modality observed", 0
                ]
                "the child; who leaves or dies on the first day; who has no end"

            Expect.equal
                [ for row in 0..8 -> loaded.Cohort.Labels[row] ]
                [ 0f; 0f; 0f; 0f; 0f; 1f; 1f; 0f; 1f ]
                "4, 5 and 7 die in hospital, 6 at home on the day of discharge"

            Expect.equal
                [ for site in loaded.Card.Sites -> site.Site, site.Rows ]
                [ "North", 10; "South", 5; "Ward (3)", 1; "Ward (4)", 1; Cohort.UnknownSite, 1 ]
                "care sites by name, by number where two have one name"
        }

        test "modalities are one for each table, of what was known at the prediction time" {
            let loaded = loadWith "" tables

            Expect.equal
                [ for m in loaded.Cohort.Modalities -> m.Name, m.Kind ]
                [
                    "demographics", ModalityKind.Tabular
                    "visit", ModalityKind.Codes
                    "measurements", ModalityKind.Tabular
                    "conditions", ModalityKind.Codes
                    "drugs", ModalityKind.Codes
                    "procedures", ModalityKind.Codes
                    "observations", ModalityKind.Codes
                    "notes", ModalityKind.Codes
                ]
                "modalities"

            Expect.exists loaded.Card.Absent _.StartsWith("devices: device_exposure") "the table is not there"

            Expect.equal
                (block "demographics" first loaded)
                (Some [| 59f; 0f; 0f; 1f; 0f; 0f; 0f; 0f |])
                "born in May; female, not Hispanic, White"

            Expect.equal (block "demographics" 2 loaded).Value[..1] [| 60f; 1f |] "born in the year; male"

            let ofMeasurements row = block "measurements" row loaded

            Expect.sequenceEqual
                (ofMeasurements first).Value[..3]
                [| MathF.Log 4f; 130f; 110f; 130f |]
                "a day is known when it is over; the moment of prediction is too late"

            Expect.sequenceEqual
                (ofMeasurements first).Value[8..]
                [| MathF.Log 2f; 1f; 1f; 1f |]
                "the greater of two concepts that are one as floating-point numbers"

            Expect.equal (ofMeasurements fourth).Value[4] (MathF.Log 2f) "the lesser of the two"
            Expect.equal (ofMeasurements fourth).Value.Length 12 "a number without a concept is no item"
            Expect.equal (ofMeasurements 2) None "dated to the day of prediction"
            Expect.equal (ofMeasurements third).Value[..1] [| MathF.Log 2f; 50f |] "a day before admission"
            Expect.equal (ofMeasurements fifth) None "no number"
            Expect.equal (ofMeasurements second) None "measured in an earlier stay only"
        }

        test "conditions are known when their visit is over, or as diagnoses at admission" {
            let loaded = loadWith "" tables
            let conditions row = codes "conditions" row loaded
            Expect.equal (conditions first) (Some 1) "of the earlier outpatient visit, not of the stay itself"
            Expect.equal (conditions second) (Some 2) "of the stay before, too"
            Expect.equal (conditions 2) None "without a visit, on a day of the stay"
            Expect.equal (conditions 3) (Some 1) "of the stay before"
            Expect.equal (conditions third) (Some 1) "a diagnosis at admission"
            Expect.equal (conditions fourth) (Some 1) "without a visit, years ago"
            Expect.equal (width "conditions" loaded) 3 "different ones"
        }

        test "codes, notes and the visit" {
            let loaded = loadWith "" tables
            Expect.equal (width "drugs" loaded) 2 "two drugs that are one as floating-point numbers"

            Expect.equal
                (codes "procedures" first loaded, codes "procedures" third loaded)
                (Some 1, None)
                "of the first day, and of the day of prediction"

            Expect.equal (width "observations" loaded) 2 "one question, two answers"
            Expect.equal (codes "notes" first loaded, codes "notes" third loaded) (Some 1, None) "notes"
            Expect.equal (width "visit" loaded) 3 "inpatient, by way of the emergency room, admitted from it"
            Expect.equal (codes "visit" third loaded) (Some 2) "kind and source"
        }

        test "5.4 in Parquet, with parts and names in upper case, gives what 5.3 in csv gives" {
            TempFolder.withFolder (fun folder ->
                writeParquet folder tables54
                let before = loadWith "" tables
                Expect.isTrue (WorldSupport.same (load folder).Cohort before.Cohort) "cohort")
        }

        test "csv.gz and whole numbers that are written as floats" {
            TempFolder.withFolder (fun folder ->
                let floats = edit "drug_exposure" 1 $",{concept}," $",{concept}.0," tables
                writeCsv folder floats

                for table in [ "person"; "drug_exposure" ] do
                    let path = Path.Combine(folder, table + ".csv")
                    ToyManifest.compress (path + ".gz") (File.ReadAllText path)
                    File.Delete path

                Expect.isTrue (WorldSupport.same (load folder).Cohort (loadWith "" tables).Cohort) "cohort")
        }

        test "what is later than the prediction changes nothing" {
            let later known =
                let day, time =
                    if known then
                        "2020-01-01", "2020-01-01 23:00:00"
                    else
                        "2020-01-02", ""

                let moment = if known then time else "2020-01-02 06:00:00"

                (tables, [ 3..9 ])
                ||> List.fold (fun tables number ->
                    let who = person number
                    let id = 1000 + number

                    tables
                    |> add "measurement" [
                        $"{id},{who},3004249,{day},{time},{number},8876"
                        $"{id},{who},3004249,{day},{moment},{number},8876"
                        $"{id},{who},{5000 + number},{day},{moment},{number},8876"
                    ]
                    |> add "drug_exposure" [ $"{id},{who},{6000 + number},{day},{moment}" ]
                    |> add "procedure_occurrence" [ $"{id},{who},{6000 + number},{day},{time}" ]
                    |> add "observation" [ $"{id},{who},{6000 + number},{day},{moment},,1" ]
                    |> add "note" [ $"{id},{who},{day},{time},1,{6000 + number},text" ]
                    |> add "condition_occurrence" [
                        $"{id},{who},{6000 + number},{day},{moment},{stay number},"
                        $"{id},{who},{6000 + number},2020-01-01,2020-01-01 06:00:00,{stay number},"
                        $"{id},{who},{6000 + number},{day},{moment},,"
                    ])

            let before = loadWith "" tables
            Expect.isTrue (WorldSupport.same (loadWith "" (later false)).Cohort before.Cohort) "later"
            Expect.isFalse (WorldSupport.same (loadWith "" (later true)).Cohort before.Cohort) "earlier"

            Expect.isFalse
                (WorldSupport.same
                    (loadWith "@hour:48" (later false)).Cohort
                    (loadWith "@hour:48" tables).Cohort)
                "known by hour 48"
        }

        test "other hours, readmission, the latest stays, folds and a site left out" {
            Expect.equal (excluded (loadWith "@hour:72" tables)) [ 0; 1; 3; 1; 0 ] "5 may be dead by hour 72"
            let readmission = loadWith "@readmission" tables
            Expect.equal (readmission.Card.Rows, readmission.Card.Events) (11, 1) "1 comes back in time"
            let split = (loadWith "@time" tables).Split.Value
            Expect.equal split.Condition "later" "condition"
            Expect.equal (split.Parts |> Array.filter ((=) 2) |> Array.length) 7 "stays of June"

            TempFolder.withFolder (fun folder ->
                writeCsv folder tables

                let found name =
                    (DatasetCatalog.tryFind name).Value.Division

                Expect.equal (found $"{folder}@hour:12@folds:5") (Folds 5) "folds"
                Expect.equal (found $"{folder}@hour:12@site:North") (SiteLeftOut "North") "site")
        }

        test "stays of one person are in one part" {
            let loaded = loadWith "" tables
            let cohort = loaded.Cohort
            Expect.equal cohort.Patients[first] cohort.Patients[second] "the same patient"
            Expect.equal (cohort.Patients.ToArray() |> Array.distinct |> Array.length) 16 "and no other is"

            for seed in 1..5 do
                let split = DatasetSplit.replicate "toy" seed None cohort
                let ofPart (part: Cohort) = part.Patients.ToArray() |> Set.ofArray

                Expect.isEmpty
                    (Set.intersect (ofPart split.Train) (ofPart split.Test))
                    "in training or in test"
        }

        test "without deaths the place of discharge tells, and without sites there is one" {
            let loaded = loadWith "" (tables.Remove "death")
            Expect.equal loaded.Card.Events 5 "discharged as died"
            let named = loadWith "" (tables.Remove "care_site")

            Expect.equal
                [ for site in named.Card.Sites -> site.Site ]
                [ "1"; "2"; "3"; "4"; Cohort.UnknownSite ]
                "numbers"

            let without = edit "visit_occurrence" 0 "care_site_id" "other" tables

            Expect.equal
                [ for site in (loadWith "" without).Card.Sites -> site.Site ]
                [ "all" ]
                "no care site"
        }

        test "labels, and a task over codes and names of concepts" {
            TempFolder.withFolder (fun folder ->
                writeCsv
                    folder
                    (tables.Add("concept", [ "concept_id,concept_name"; $"{nextConcept},Heparin" ]))

                File.WriteAllText(
                    Path.Combine(folder, "labels.csv"),
                    ToyManifest.text [
                        "subject_id,prediction_time,boolean_value"
                        for number in 1..20 do
                            $"{person number},2020-01-01 12:00:00,{number % 2 = 0}"
                    ]
                )

                let labelled = load $"{folder}@labels:labels.csv"
                Expect.equal (labelled.Card.Rows, labelled.Card.Events) (20, 10) "labels"
                let age = (block "age" 0 labelled).Value[0]
                Expect.isTrue (abs (age - 21775f / 365.25f) < 0.001f) "days since birth"
                Expect.equal (codes "drugs" 0 labelled) (Some 1) "by noon"

                Expect.exists
                    labelled.Card.Absent
                    _.StartsWith("notes: no row")
                    "dated to the day of prediction"

                let task = Path.Combine(folder, "task.yaml")

                File.WriteAllText(
                    task,
                    "predicates:\n  admission: { code: { any: [VISIT_START//9201, VISIT_START//262] } }\n"
                    + $"  heparin: {{ code: DRUG//{nextConcept}, concept_name: Heparin }}\n"
                    + "trigger: admission\nwindows:\n  input: { start: null, end: trigger + 1h, start_inclusive: true, end_inclusive: true, index_timestamp: end }\n"
                    + "  target: { start: input.end, end: start + 1 day, start_inclusive: false, end_inclusive: true, label: heparin }\n"
                )

                let ofTask = load $"{folder}@task:{task}"
                Expect.equal (ofTask.Card.Rows, ofTask.Card.Events) (22, 1) "only 3 gets it"

                Expect.equal
                    [ for site in ofTask.Card.Sites -> site.Rows ]
                    [ 10; 9; 1; 1; 1 ]
                    "sites of the stays")
        }

        test "a draft reads as the folder does, and can be changed" {
            TempFolder.withFolder (fun folder ->
                let data = Path.Combine(folder, "data")
                writeCsv data (tables.Add("concept", [ "concept_id,concept_name"; "9201,Inpatient Visit" ]))
                let draft, notes = (OmopDraft.tryDraft data None).Value
                let path = Path.Combine(folder, "toy.json")

                let reads change =
                    File.WriteAllText(path, OmopDescription.write (change draft))
                    load path

                Expect.isTrue (WorldSupport.same (reads id).Cohort (load data).Cohort) "the same cohort"
                Expect.exists notes _.Contains("5.3") "the version"
                Expect.exists notes _.Contains("9201 Inpatient Visit (21, a stay)") "kinds of visits by name"
                Expect.exists notes _.Contains("9202 (fewer than 10)") "small counts are not told"

                Expect.equal
                    (reads (fun draft -> { draft with Visits = Some [ 9201L ] })).Card.Rows
                    17
                    "one kind of visit")
        }
    ]
