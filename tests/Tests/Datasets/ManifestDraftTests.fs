module CausalDebiasing.Tests.Datasets.ManifestDraftTests

open System.IO
open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.PhysioNet2012Fixture
open CausalDebiasing.Tests.Support.ToyManifest

/// Every fourth row is an event; age and lactate tell nothing.
let private isEvent i = i % 4 = 0
let private age i = 30 + i * 37 % 50

let private lactate i =
    if i % 3 = 0 then "" else $"{1 + i % 5}.{i % 10}"

/// The draft of a table with these columns and 120 rows, its notes, and the cohort that it gives.
let private draft (header: string) (row: int -> string) =
    TempFolder.withFolder (fun folder ->
        let table = Path.Combine(folder, "t.csv")
        File.WriteAllText(table, text (header :: List.map row [ 0..119 ]))
        let manifest, notes = ManifestDraft.ofTable table None
        let path = Path.Combine(folder, "t.json")
        File.WriteAllText(path, Manifest.write manifest)
        manifest, notes, load path)

let private withOutcome (word: int -> string) =
    draft "id,age,lactate,died" (fun i -> $"{1000 + i},{age i},{lactate i},{word i}")

let private asks (notes: string list) =
    notes |> List.exists (fun note -> note.StartsWith "Question")

[<Tests>]
let tests =
    testList "ManifestDraft" [
        test "words of the outcome are proposed" {
            for event, other in [ "dead", "alive"; "Yes", "No"; "Expired", "Survived" ] do
                let manifest, notes, loaded =
                    withOutcome (fun i -> if isEvent i then event else other)

                Expect.equal manifest.Outcome.Positive (Some $"= {event}") "positive"
                Expect.equal manifest.Outcome.Negative (Some $"= {other}") "negative"
                Expect.isFalse (asks notes) "known words"
                Expect.equal loaded.Card.Events 30 "events"
        }

        test "what is not known is asked" {
            let manifest, notes, loaded = withOutcome (fun i -> if isEvent i then "2" else "1")
            Expect.equal manifest.Outcome.Positive (Some "= 2") "coded 1 and 2"
            Expect.isTrue (asks notes) "asked"
            Expect.equal loaded.Card.Events 30 "events"

            let manifest, notes, loaded =
                withOutcome (fun i -> [ "<30"; ">30"; "NO"; "NO" ][i % 4])

            Expect.equal manifest.Outcome.Negative (Some "= NO") "three words"
            Expect.isTrue (asks notes) "asked"
            Expect.equal loaded.Card.Events 60 "events"

            let manifest, _, loaded =
                withOutcome (fun i ->
                    if i < 3 then "lost to follow-up"
                    elif isEvent i then "dead"
                    else "alive")

            Expect.equal manifest.Columns.Value["died"].Missing (Some [ "lost to follow-up" ]) "unknown"
            Expect.equal loaded.Card.Rows 117 "left out"
        }

        test "a word that is neither an event nor its opposite belongs to neither until it is named" {
            let mayBe i =
                if i < 3 then "maybe"
                elif isEvent i then "dead"
                else "alive"

            let header = "id,age,lactate,died"

            let row i =
                $"{1000 + i},{age i},{lactate i},{mayBe i}"

            TempFolder.withFolder (fun folder ->
                let table = Path.Combine(folder, "t.csv")
                File.WriteAllText(table, text (header :: List.map row [ 0..119 ]))
                let manifest, notes = ManifestDraft.ofTable table None
                Expect.equal manifest.Outcome.Positive (Some "= dead") "events"
                Expect.equal manifest.Outcome.Negative (Some "= alive") "others"

                Expect.exists
                    notes
                    (fun note -> note.StartsWith "Question" && note.Contains "'maybe'")
                    "asked"

                let path = Path.Combine(folder, "t.json")
                File.WriteAllText(path, Manifest.write manifest)
                expectInputError [ "column 'died'"; "neither event nor other" ] (fun () -> load path))
        }

        test "identifiers are the row's and the patient's, and no features" {
            let manifest, _, loaded =
                draft "encounter_id,patient_nbr,num_medications,lactate,readmitted" (fun i ->
                    $"{2278392 + 97 * i},{8222157 + i / 3},{age i},{lactate i},{(if isEvent i then 1 else 0)}")

            Expect.equal (manifest.Id, manifest.Patient) (Some "encounter_id", Some "patient_nbr") "roles"
            Expect.equal (Manifest.features manifest) [ "num_medications"; "lactate" ] "features"
            Expect.equal loaded.Card.Patients 40 "patients"

            let manifest, _, _ =
                draft "Patient ID,Hospital ID,Age,Lactate,Death" (fun i ->
                    $"{70 + i / 2},{1 + i % 3},{age i},{lactate i},{(if isEvent i then 1 else 0)}")

            Expect.equal (manifest.Patient, manifest.Site) (Some "Patient ID", Some "Hospital ID") "roles"
            Expect.equal (Manifest.features manifest) [ "Age"; "Lactate" ] "features"

            let manifest, _, _ =
                draft "person_id,age,lactate,died" (fun i ->
                    $"{i / 2},{age i},{lactate i},{(if isEvent i then 1 else 0)}")

            Expect.equal manifest.Patient (Some "person_id") "person"
        }

        test "an index without a name, and a column in order, are no features" {
            let manifest, _, _ =
                draft ",age,lactate,died" (fun i -> $"{i},{age i},{lactate i},{(if i < 90 then 0 else 1)}")

            Expect.equal (Manifest.features manifest) [ "age"; "lactate" ] "index"

            let manifest, notes, _ =
                draft "seq,age,lactate,died" (fun i ->
                    $"{500 + 3 * i},{age i},{lactate i},{(if i < 90 then 0 else 1)}")

            Expect.equal (Manifest.features manifest) [ "age"; "lactate" ] "in order"
            Expect.exists notes (fun note -> note.StartsWith "Left out: column 'seq'") "said"
        }

        test "names that only end like identifiers are features" {
            for name in
                [
                    "fluid"
                    "covid"
                    "opioid"
                    "uric acid"
                    "number_of_visits"
                    "num_lab_procedures"
                ] do
                Expect.isFalse (DraftNames.isIdentifier name) name

            for name in
                [
                    "stay_id"
                    "patientunitstayid"
                    "hadm_id"
                    "MRN"
                    "Unnamed: 0"
                    "subjectId"
                    "Record No"
                ] do
                Expect.isTrue (DraftNames.isIdentifier name) name
        }

        test "names of patients and sites" {
            for name in
                [
                    "patient"
                    "Patient ID"
                    "ptid"
                    "SUBJID"
                    "patient_nbr"
                    "subject_id"
                    "person_id"
                    "MRN"
                ] do
                Expect.isTrue (DraftNames.isPatient name) name

            for name in [ "PT"; "encounter_id"; "inpatient_days"; "hospital_id" ] do
                Expect.isFalse (DraftNames.isPatient name) name

            for name in [ "site"; "Hospital ID"; "hospitalid"; "center" ] do
                Expect.isTrue (DraftNames.isSite name) name
        }

        test "a column that tells the outcome is warned of" {
            let _, notes, _ =
                draft "age,lactate,discharge,died" (fun i ->
                    let event = isEvent i
                    $"{age i},{lactate i},{(if event then 40 + i % 7 else i % 7)},{(if event then 1 else 0)}")

            let warned = notes |> List.filter (fun note -> note.StartsWith "Warning")

            Expect.hasLength warned 1 "one"
            Expect.stringContains warned.Head "'discharge'" "named"

            let _, notes, _ =
                draft "age,lactate,autopsy,died" (fun i ->
                    let event = isEvent i
                    let autopsy = if event then string (i % 3) else ""
                    $"{age i},{lactate i},{autopsy},{(if event then 1 else 0)}")

            Expect.exists notes (fun note -> note.StartsWith "Warning: column 'autopsy'") "by being there"
        }

        test "columns named like sex, ethnicity and age are proposed as subgroups" {
            let manifest, notes, loaded =
                draft "id,admission_age,Gender,stage,race,died" (fun i ->
                    let sex = if i % 3 = 0 then "F" else "M"
                    $"{1000 + i},{age i},{sex},{i % 4},r{i % 2},{(if isEvent i then 1 else 0)}")

            Expect.equal
                (Manifest.subgroups manifest
                 |> List.map (fun own -> own.Column, own.Bands.IsSome))
                [ "admission_age", true; "Gender", false; "race", false ]
                "proposed"

            Expect.isTrue (notes |> List.exists (fun note -> note.StartsWith "Subgroups")) "said"

            Expect.equal
                (loaded.Groups[1].Names |> Array.countBy id |> Array.sort)
                [| "F", 40; "M", 80 |]
                "groups"
        }

        test "a decimal comma is declared, and marks of thousands are left out" {
            let manifest, _, loaded =
                draft "id;age;lactate;died" (fun i ->
                    $"{1000 + i};{age i};{(lactate i).Replace('.', ',')};{(if isEvent i then 1 else 0)}")

            Expect.equal manifest.Columns.Value["lactate"].Decimal (Some ",") "declared"
            Expect.equal (loaded.Cohort.Row(1, 1).ToArray()) [| 2.1f |] "2,1"

            let manifest, notes, _ =
                draft "id,age,sbp,died" (fun i ->
                    $"{1000 + i},{age i},\"1,{100 + i}\",{(if isEvent i then 1 else 0)}")

            Expect.equal (Manifest.features manifest) [ "age" ] "features"
            Expect.exists notes (fun note -> note.Contains "'sbp' holds commas") "said"
        }

        test "a table without an outcome, and one without names, are refused" {
            let refuses parts header row =
                expectInputError parts (fun () -> draft header row)

            refuses [ "--outcome" ] "age,lactate" (fun i -> $"{age i},{lactate i}")
            refuses [ "'died'"; "--outcome" ] "age,died,flag" (fun i -> $"{age i},1,{i % 2}")
            refuses [ "one column only"; "semicolons" ] "age#died" (fun i -> $"{age i}#{i % 2}")
            refuses [ "column names" ] "63.0,1.9,1" (fun i -> $"{age i},{lactate i},{i % 2}")
        }
    ]
