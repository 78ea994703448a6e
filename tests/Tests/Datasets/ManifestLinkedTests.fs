module CausalDebiasing.Tests.Datasets.ManifestLinkedTests

open System
open System.IO
open Expecto
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Cohorts
open CausalDebiasing.Tests
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.InputErrors
open CausalDebiasing.Tests.Support.ToyManifest

let private withModality (modality: string) (manifest: string) =
    manifest.Replace("\"modalities\": {", $"\"modalities\": {{ {modality},")

/// Loads the toy with a modality of its own file.
let private loadLinked (modality: string) name (lines: string list) =
    TempFolder.withFolder (fun folder ->
        File.WriteAllText(Path.Combine(folder, name), text lines)
        load (write folder (withModality modality json) (text rows)))

let private refuses parts modality name lines =
    let said = message (fun () -> loadLinked modality name lines)

    for part: string in parts do
        Expect.stringContains said part "what is wrong"

let private notes =
    """ "note": { "file": "notes.csv", "id": "stay_id", "vector": "embedding" } """

let private diagnoses = """ "diagnoses": { "file": "dx.csv", "code": "icd" } """

let private vitals =
    """ "vitals": { "file": "vitals.csv", "time": "hour", "name": "item", "value": "reading", "steps": 3, "step": 2 } """

let private row (cohort: Cohort) m i = cohort.Row(m, i).ToArray()

let private withArray (modality: string) (descr: string) array action =
    TempFolder.withFolder (fun folder ->
        NpyFixture.write (Path.Combine(folder, "image.npy")) descr array
        action folder (write folder (withModality modality json) (text rows)))

[<Tests>]
let tests =
    testList "ManifestLinked" [
        test "vectors of another table join by id; an absent row and an empty cell are missing" {
            let loaded =
                loadLinked notes "notes.csv" [
                    "embedding,stay_id"
                    "\"[1, 2.5, -3]\",102"
                    ",103"
                    "\"[4 5 6]\",100.0"
                    "\"[7,8,9]\",999"
                ]

            let cohort = loaded.Cohort
            Expect.equal (cohort.Modalities[0].Name, cohort.Modalities[0].Width) ("note", 3) "shape"
            Expect.equal (row cohort 0 2) [| 1f; 2.5f; -3f |] "by id, not by position"
            Expect.equal (row cohort 0 0) [| 4f; 5f; 6f |] "a whole number written as a float"

            Expect.equal
                [
                    for i in 0..39 do
                        if cohort.IsObserved(i, 0) then
                            i
                ]
                [ 0; 2 ]
                "no other row has one"
        }

        test "linked vectors: lengths, repeated ids and ids of nobody are refused" {
            refuses [ "notes.csv, row 2, column 'embedding'"; "2 numbers and not 3" ] notes "notes.csv" [
                "stay_id,embedding"
                "100,\"[1,2,3]\""
                "101,\"[1,2]\""
            ]

            refuses [ "row 1, column 'embedding'"; "entry 1 " ] notes "notes.csv" [
                "stay_id,embedding"
                "100,\"[1,nan,3]\""
            ]

            refuses [ "row 1, column 'embedding'"; "empty" ] notes "notes.csv" [
                "stay_id,embedding"
                "100,[]"
            ]

            refuses [ "row 2"; "before" ] notes "notes.csv" [ "stay_id,embedding"; "100,"; "100,\"[1]\"" ]
            refuses [ "no id"; "'stay'" ] notes "notes.csv" [ "stay_id,embedding"; "7,\"[1]\"" ]
            refuses [ "no column 'stay_id'" ] notes "notes.csv" [ "stay,embedding"; "100,\"[1]\"" ]
            refuses [ "row 1, column 'stay_id'" ] notes "notes.csv" [ "stay_id,embedding"; ",\"[1]\"" ]
        }

        test "codes keep the order of the table, each once, and are numbered by alphabet" {
            let cohort =
                (loadLinked diagnoses "dx.csv" [
                    "stay,icd"
                    "101,I10"
                    "100,0389"
                    "101,389"
                    "101,I10"
                    "102,?"
                ])
                    .Cohort

            Expect.equal cohort.Modalities[0] (Modality.Codes("diagnoses", 2, 3)) "shape"
            Expect.equal (row cohort 0 0) [| 1f; 0f |] "0389 is not 389"
            Expect.equal (row cohort 0 1) [| 3f; 2f |] "I10, then 389"
            Expect.isFalse (cohort.IsObserved(2, 0)) "a code for missing"
        }

        test "series have a channel per name and carry the last value on" {
            let cohort =
                (loadLinked vitals "vitals.csv" [
                    "stay,hour,item,reading"
                    "100,3,hr,90"
                    "100,2.5,hr,80"
                    "100,0,temp,37.5"
                    "100,-1,hr,10"
                    "100,6,hr,20"
                    "101,1,temp,"
                ])
                    .Cohort

            Expect.equal cohort.Modalities[0] (Modality.Series("vitals", 3, 4)) "shape"
            let found = row cohort 0 0

            Expect.isTrue
                (Single.IsNaN found[0])
                "no heart rate in the first step, and none from before or after"

            Expect.equal found[1..3] [| 37.5f; 0f; 1f |] "step 0"
            Expect.equal found[4..7] [| 90f; 37.5f; 1f; 0f |] "step 1: the later value, and one carried on"
            Expect.equal found[8..11] [| 90f; 37.5f; 0f; 0f |] "step 2"
            Expect.isFalse (cohort.IsObserved(1, 0)) "an empty cell"
        }

        test "series: cells that are no numbers and missing times are refused" {
            let header = "stay,hour,item,reading"
            refuses [ "row 1, column 'reading'" ] vitals "vitals.csv" [ header; "100,1,hr,high" ]
            refuses [ "row 1, column 'hour'"; "missing" ] vitals "vitals.csv" [ header; "100,,hr,80" ]
            refuses [ "row 1, column 'item'"; "missing" ] vitals "vitals.csv" [ header; "100,1,,80" ]
            refuses [ "'steps'" ] (vitals.Replace(", \"steps\": 3", "")) "vitals.csv" [ header; "100,1,hr,8" ]
        }

        test "an array of NumPy has a row per row of the files, or one that a column names" {
            let modality = """ "image": { "file": "image.npy" } """

            let array = [ for i in 0..39 -> if i = 5 then [ nan; nan ] else [ float i; 0.5 ] ]

            for descr in [ "<f2"; "<f4"; "<f8" ] do
                withArray modality descr array (fun _ path ->
                    let cohort = (load path).Cohort
                    Expect.equal (row cohort 0 7) [| 7f; 0.5f |] descr
                    Expect.isFalse (cohort.IsObserved(5, 0)) "a row of NaN")

            withArray
                """ "image": { "file": "image.npy", "row": "at" } """
                "<f4"
                [ [ 1.; 2. ]; [ 3.; 4. ] ]
                (fun folder path ->
                    let at i = if i = 3 then "1" else ""

                    let table =
                        rows
                        |> List.mapi (fun i row -> row + "," + (if i = 0 then "at" else at (i - 1)))

                    write folder (File.ReadAllText path) (text table) |> ignore
                    let cohort = (load path).Cohort
                    Expect.equal (row cohort 0 3) [| 3f; 4f |] "row 1 of the array"
                    Expect.isFalse (cohort.IsObserved(4, 0)) "no row")
        }

        test "an array of other rows, with gaps or damaged is refused" {
            let modality = """ "image": { "file": "image.npy" } """

            let refuses parts array (change: byte[] -> byte[]) =
                withArray modality "<f4" array (fun folder path ->
                    let file = Path.Combine(folder, "image.npy")
                    File.WriteAllBytes(file, change (File.ReadAllBytes file))
                    let said = message (fun () -> load path)

                    for part: string in "image.npy" :: parts do
                        Expect.stringContains said part "what is wrong")

            let whole = [ for i in 0..39 -> [ float i; 1. ] ]
            refuses [ "3 rows"; "40" ] (List.truncate 3 whole) id

            refuses
                [ "entry 1 of row 2" ]
                (whole |> List.mapi (fun i row -> if i = 2 then [ 1.; nan ] else row))
                id

            refuses [ "entry 0 of row 0" ] ([ infinity; 1. ] :: whole.Tail) id
            refuses [ "cut short" ] whole (fun bytes -> bytes[.. bytes.Length - 2])
            refuses [ "no .npy file" ] whole (fun bytes -> Array.append [| 0uy |] bytes)
        }

        test "a modality's file says one thing, and its ids belong to a column" {
            let refuses part (modality: string) (manifest: string) =
                Expect.stringContains
                    (message (fun () -> Manifest.parse "m.json" (withModality modality manifest)))
                    part
                    "what is wrong"

            refuses "does not say" """ "x": { "file": "a.csv" } """ json
            refuses "does not say" """ "x": { "file": "a.csv", "code": "c", "vector": "v" } """ json
            refuses "does not say" """ "x": { "file": "a.csv", "time": "t", "name": "n" } """ json
            refuses "does not say" """ "x": { "file": "a.npy", "code": "c" } """ json
            refuses "has no 'file'" """ "x": { "code": "c" } """ json
            refuses "'id'" diagnoses (json.Replace("\"id\": \"stay\",", ""))
            refuses "line" """ "x": { "file": "a.csv", "codes": "c" } """ json
            refuses "line" """ "x": "age" """ json
            refuses "'row'" """ "x": { "file": "a.npy", "row": "age" } """ json
        }

        test "an absent linked file is named, and a changed one is read again" {
            TempFolder.withFolder (fun folder ->
                let path = write folder (withModality diagnoses json) (text rows)

                match (ManifestDataset.ofFile path).Status None with
                | Absent reason -> Expect.stringContains reason "dx.csv" "named"
                | Present _ -> failtest "the file is not there"

                let cached = {
                    access with
                        Cache = Some(Path.Combine(folder, "cache"))
                }

                let codes lines =
                    File.WriteAllText(Path.Combine(folder, "dx.csv"), text lines)
                    ((ManifestDataset.ofFile path).Load cached).Cohort.Modalities[0].Width

                Expect.equal (codes [ "stay,icd"; "100,a" ]) 1 "one code"
                Expect.equal (codes [ "stay,icd"; "100,a"; "101,b" ]) 2 "two codes")
        }

        test "a study of vectors, codes and a series trains on what a vocabulary of training patients knows" {
            TempFolder.withFolder (fun folder ->
                let file name lines =
                    File.WriteAllText(Path.Combine(folder, name), text lines)

                file "notes.csv" [
                    "stay_id,embedding"
                    for i in 100..139 do
                        $"{i},\"[{i},{i % 3}]\""
                ]

                file "dx.csv" [
                    "stay,icd"
                    for i in 100..139 do
                        $"{i},common"
                        $"{i},rare{i}"
                ]

                file "vitals.csv" [
                    "stay,hour,item,reading"
                    for i in 100..139 do
                        $"{i},1,hr,{i}"
                ]

                let manifest =
                    json |> withModality notes |> withModality diagnoses |> withModality vitals

                let path = write folder manifest (text rows)

                let study =
                    (ManifestDataset.ofFile path).Study access {
                        WorldSupport.spec path 1 with
                            MissingRate = None
                            Confounding = 0.
                    }

                Expect.equal
                    [ for m in study.Train.Modalities -> m.Name, m.Kind, m.Width ]
                    [
                        "vitals", ModalityKind.Series, 2
                        "diagnoses", ModalityKind.Codes, 2
                        "note", ModalityKind.Tabular, 2
                        "demographics", ModalityKind.Tabular, 1
                        "body", ModalityKind.Tabular, 3
                    ]
                    "one common code and one for all others")
        }
    ]
