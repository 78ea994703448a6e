module CausalDebiasing.Tests.Datasets.MimicTests

open System
open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Tests
open CausalDebiasing.Tests.Support.PhysioNet2012Fixture
open CausalDebiasing.Tests.Support.ToyRelease

let private read name tables = load "mimic-iv-demo" name tables

let private refused name parts change =
    test name { expectInputError parts (fun () -> read "mimic-iv-demo" (change mimic)) }

let private excluded (loaded: LoadedCohort) = [ for exclusion in loaded.Card.Exclusions -> exclusion.Rows ]

[<Tests>]
let tests =
    testList "Mimic" [
        test "death in hospital from the first day" {
            let loaded = read "mimic-iv-demo" mimic
            Expect.equal (loaded.Card.Rows, loaded.Card.Patients, loaded.Card.Events) (30, 15, 3) "rows"
            Expect.equal (List.ofSeq loaded.Cohort.SiteNames) [ "2011 - 2013"; "2014 - 2016" ] "periods"

            Expect.equal
                [ for modality in loaded.Cohort.Modalities -> modality.Name ]
                [
                    "demographics"
                    "diagnoses"
                    "procedures"
                    "prescriptions"
                    "chemistry"
                    "vitals"
                    "notes"
                ]
                "modalities"

            Expect.equal
                (block "chemistry" 0 loaded).Value[..2]
                [| MathF.Log 3f; 130f; 140f |]
                "two items of sodium"

            Expect.isNone (block "chemistry" 2 loaded) "stored on the second day"
            Expect.isNone (block "chemistry" 4 loaded) "of no admission"
            Expect.floatClose Accuracy.medium (float (block "vitals" 0 loaded).Value[37]) 37. "Fahrenheit"
            Expect.equal (block "prescriptions" 0 loaded).Value[..1] [| 1f; 0f |] "of the first day"
            Expect.isSome (block "procedures" 0 loaded) "dated to the first day"
            Expect.isNone (block "procedures" 2 loaded) "dated to the second"
        }

        test "billing codes and discharge notes are not known at an hour" {
            let loaded = read "mimic-iv-demo" mimic
            Expect.isNone (block "diagnoses" 0 loaded) "no earlier admission"
            Expect.equal (block "diagnoses" 1 loaded).Value[..1] [| 1f; 0f |] "of the earlier admission only"

            Expect.equal
                (Array.sort (block "notes" 0 loaded).Value[..2])
                [| 0f; 1f; 2f |]
                "words of a radiology report"
        }

        test "what is stored after the prediction time changes nothing" {
            let later =
                mimic
                |> add "hosp/labevents" [ "9,1,101,50983,2150-01-01 23:59:00,2150-01-02 00:00:00,90" ]
                |> add "icu/chartevents" [ "1,101,1,2150-01-01 23:00:00,2150-01-02 05:10:00,220045,98" ]
                |> add "hosp/prescriptions" [ "2,102,2150-01-02 00:00:00,Other" ]
                |> add "hosp/diagnoses_icd" [ "2,202,1,4139,9" ]
                |> add "note/radiology" [ "c,2,102,2150-01-01 23:00:00,2150-01-02 01:00:00,Something" ]
                |> add "note/discharge" [ "d,2,102,2150-01-01 23:00:00,2150-01-02 01:00:00,Something" ]

            let before, after = read "mimic-iv-demo" mimic, read "mimic-iv-demo" later
            Expect.isTrue (WorldSupport.same before.Cohort after.Cohort) "cohort"

            let longer = read "mimic-iv-demo@hour:48" later
            Expect.isFalse (WorldSupport.same before.Cohort longer.Cohort) "known by hour 48"
        }

        test "readmission within 15 days, of admissions that end alive" {
            let loaded = read "mimic-iv-demo-readmission" mimic
            Expect.equal (loaded.Card.Rows, loaded.Card.Events) (27, 8) "odd patients come back after 8 days"
        }

        test "the protocol of MUSE: at discharge, with everything on the admission" {
            let loaded = read "mimic-iv-demo-muse" mimic
            Expect.equal (excluded loaded) [ 0; 0; 0; 0; 3; 0 ] "deaths in hospital"
            Expect.equal loaded.Card.Events 2 "patient 1 died within 90 days of both discharges"
            Expect.equal (block "diagnoses" 0 loaded).Value[..1] [| 2f; 0f |] "its own codes"

            Expect.equal
                (Array.sort (block "notes" 0 loaded).Value[..2])
                [| 0f; 1f; 2f |]
                "words of the discharge summary"

            Expect.isSome (block "chemistry" 2 loaded) "the whole admission"
            Expect.equal (read "mimic-iv-demo-muse-readmission" mimic).Card.Events 8 "readmissions"

            expectInputError [ "at discharge"; "mimic-iv-demo@hour:12" ] (fun () ->
                read "mimic-iv-demo-muse@hour:12" mimic)
        }

        test "training on earlier periods and testing on the latest" {
            let loaded = read "mimic-iv-demo@time" mimic
            Expect.equal loaded.Split.Value.Condition "later" "condition"
            Expect.equal (loaded.Split.Value.Parts |> Array.filter ((=) 2) |> Array.length) 10 "five patients"
        }

        test "absent tables are said" {
            let loaded =
                read "mimic-iv-demo" (mimic.Remove("icu/chartevents").Remove("note/radiology"))

            for name in [ "vitals: icu/chartevents"; "notes: note/radiology" ] do
                Expect.exists loaded.Card.Absent _.StartsWith(name) $"{loaded.Card.Absent}"
        }

        refused
            "a missing column"
            [ "labevents.csv.gz"; "no column 'valuenum'" ]
            (edit "hosp/labevents" 0 "valuenum" "value")
        refused
            "a time that is none"
            [ "labevents.csv.gz, line 2, column 'storetime'" ]
            (edit "hosp/labevents" 1 "2150-01-01 06:00:00" "noon")
        refused
            "an admission that occurs twice"
            [ "admissions.csv.gz, row 3, column 'hadm_id'"; "twice" ]
            (edit "hosp/admissions" 3 "2,102" "2,101")
        refused
            "a patient that occurs twice"
            [ "patients.csv.gz, row 3, column 'subject_id'"; "twice" ]
            (edit "hosp/patients" 3 "3,F" "2,F")
        refused
            "an admission without a patient"
            [ "admissions.csv.gz, row 3, column 'subject_id'"; "hosp/patients" ]
            (edit "hosp/admissions" 3 "2,102" "77,102")
        refused
            "an outcome that is not 0 or 1"
            [ "admissions.csv.gz, row 3, column 'hospital_expire_flag'"; "0 or 1" ]
            (edit "hosp/admissions" 3 "Private,0" "Private,2")
        refused
            "dates out of order"
            [ "admissions.csv.gz, row 3, column 'dischtime'"; "before the admission" ]
            (edit "hosp/admissions" 3 "2150-01-04" "2149-01-04")
        refused
            "a code that does not exist"
            [ "patients.csv.gz, row 3, column 'gender'" ]
            (edit "hosp/patients" 3 ",F," ",W,")
        refused "an empty table" [ "patients.csv.gz"; "no patient" ] (fun tables ->
            tables.Add("hosp/patients", [ tables["hosp/patients"].Head ]))
    ]
