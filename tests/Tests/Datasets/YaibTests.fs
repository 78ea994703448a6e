module CausalDebiasing.Tests.Datasets.YaibTests

open System
open System.IO
open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Cohorts
open CausalDebiasing.Tests
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.PhysioNet2012Fixture

let private load name root =
    (DatasetCatalog.tryFind name).Value.Load(accessTo root)

let private eicu = load "eicu-demo-yaib"

let private loadFolder root =
    load (Path.Combine(root, "eicu-demo-yaib")) root

let private withTables dynamic statics outcomes patients action =
    TempFolder.withFolder (fun root ->
        ToyYaib.write root dynamic statics outcomes patients
        action root)

let private withToy action =
    withTables (ToyYaib.dynamic 3600) ToyYaib.statics ToyYaib.outcomes ToyYaib.patients action

let private observed (cohort: Cohort) row = [
    for m in 0 .. cohort.Modalities.Count - 1 -> cohort.IsObserved(row, m)
]

let private edit (row: int) (before: string) (after: string) rows =
    rows
    |> List.mapi (fun i (line: string) -> if i = row then line.Replace(before, after) else line)

let private refused name parts load dynamic statics outcomes patients =
    test name {
        withTables dynamic statics outcomes patients (fun root ->
            expectInputError parts (fun () -> load root))
    }

let private dynamic, statics, outcomes, patients =
    ToyYaib.dynamic 3600, ToyYaib.statics, ToyYaib.outcomes, ToyYaib.patients

[<Tests>]
let tests =
    testList "Yaib" [
        test "summaries of the first day, deaths, patients and regions" {
            withToy (fun root ->
                let loaded = eicu root
                let cohort = loaded.Cohort
                Expect.equal (loaded.Card.Rows, loaded.Card.Patients) (19, 10) "stay 7 is left out"
                Expect.equal loaded.Card.Exclusions.Head { Reason = "outcome unknown"; Rows = 1 } "said"
                Expect.equal loaded.Card.ImplausibleValues 1 "a heart rate of 0"
                Expect.equal (List.ofSeq cohort.SiteNames) [ "South"; "West"; "unknown" ] "regions"
                Expect.equal (cohort.Labels.ToArray()[..3]) [| 0f; 1f; 1f; 0f |] "deaths"
                Expect.allEqual (observed cohort 0) true "stay 1 has everything"
                Expect.equal (observed cohort 1) ([ true; true ] @ List.replicate 8 false) "stay 2"
                Expect.equal (observed cohort 18) (true :: List.replicate 9 false) "stay 20"
                let heartRate = cohort.Row(1, 0).ToArray()[..5]

                Expect.equal
                    heartRate
                    [| MathF.Log 3f; 80f; 100f; 80f; 100f; 90f |]
                    "count, first, last, minimum, maximum, mean, without the second day"

                Expect.equal (cohort.Row(0, 0).ToArray()) [| 41f; 1f; 170f; 70f |] "demographics")
        }

        test "times in hours and in seconds are the same" {
            withTables (ToyYaib.dynamic 1) statics outcomes patients (fun hours ->
                withToy (fun seconds ->
                    Expect.isTrue (WorldSupport.same (eicu hours).Cohort (eicu seconds).Cohort) "cohort"))
        }

        test "hourly series, and hospitals as sites" {
            withToy (fun root ->
                let hourly = (load "eicu-demo-yaib-hourly" root).Cohort
                let vitals = hourly.Modalities[1]
                Expect.equal (vitals.Kind, vitals.Length, vitals.Width) (ModalityKind.Series, 24, 18) "shape"
                Expect.equal (hourly.Row(1, 0)[4 * 18]) 80f "carried on"
                Expect.equal (hourly.Row(1, 0)[5 * 18]) 100f "measured"

                Expect.equal
                    (List.ofSeq (load "eicu-demo-yaib-hospitals" root).Cohort.SiteNames)
                    [ "10"; "11"; "12" ]
                    "hospitals")
        }

        test "a folder of any database, with the labels of its own task" {
            withToy (fun root ->
                let loaded = loadFolder root
                Expect.equal (loaded.Card.Rows, loaded.Card.Patients) (20, 20) "stays"
                Expect.equal (loaded.Cohort.Labels.ToArray()[..2]) [| 1f; 0f; 1f |] "labels"
                Expect.equal (List.ofSeq loaded.Cohort.SiteNames) [ "all" ] "one site"
                Expect.isNone (DatasetCatalog.tryFind (Path.Combine(root, "eicu-demo"))) "no such cohort")
        }

        test "ids as floats, ids of 64 bits and NA where R and Python write them" {
            withToy (fun root ->
                let expected = (loadFolder root).Cohort

                let renamed (name: string -> string) rows =
                    List.head rows
                    :: [
                        for row: string in List.tail rows ->
                            let comma = row.IndexOf ','
                            name row[.. comma - 1] + row[comma..]
                    ]

                let unknown = edit 1 ",Male," ",NA,"

                for name in [ (fun id -> id + ".0"); (fun id -> string (9007199254740992L + int64 id)) ] do
                    withTables
                        (renamed name (dynamic |> List.map _.Replace(",,", ",NA,")))
                        (renamed name statics)
                        (renamed name outcomes)
                        patients
                        (fun root ->
                            Expect.isTrue (WorldSupport.same (loadFolder root).Cohort expected) "same")

                withTables dynamic (unknown statics) outcomes patients (fun root ->
                    let demographics = (loadFolder root).Cohort.Row(0, 0).ToArray()
                    Expect.isTrue (Single.IsNaN demographics[1]) "sex NA"))
        }

        test "absent tables are said" {
            withToy (fun root ->
                File.Delete(Path.Combine(root, "eicu-demo/patient.csv.gz"))
                expectInputError [ "'eicu-demo'"; "patient.csv.gz" ] (fun () -> eicu root))
        }

        refused
            "a table of another schema"
            [ "dyn.csv"; "no column 'hr'" ]
            eicu
            (edit 0 ",hr," ",pulse," dynamic)
            statics
            outcomes
            patients
        refused
            "a value that is no number"
            [ "dyn.csv, row 2, column 'hr'"; "not a number" ]
            eicu
            (edit 2 ",80," ",fast," dynamic)
            statics
            outcomes
            patients
        refused
            "a stay that is no number"
            [ "sta.csv, row 3, column 'stay_id'" ]
            eicu
            dynamic
            (edit 3 "3,43" "x,43" statics)
            outcomes
            patients
        refused
            "a stay that occurs twice"
            [ "sta.csv, row 3, column 'stay_id'"; "twice" ]
            eicu
            dynamic
            (edit 3 "3,43" "2,43" statics)
            outcomes
            patients
        refused
            "a sex that does not exist"
            [ "sta.csv, row 3, column 'sex'" ]
            eicu
            dynamic
            (edit 3 "Male" "M" statics)
            outcomes
            patients
        refused
            "measurements of an unknown stay"
            [ "dyn.csv, row 2, column 'stay_id'"; "sta" ]
            eicu
            (edit 2 "1,0" "99,0" dynamic)
            statics
            outcomes
            patients
        refused
            "a stay that eICU does not have"
            [ "'patient'" ]
            eicu
            dynamic
            statics
            outcomes
            (patients |> List.filter (fun row -> not (row.StartsWith "5,")))
        refused
            "a status that does not exist"
            [ "patient.csv.gz, row 3, column 'hospitaldischargestatus'" ]
            eicu
            dynamic
            statics
            outcomes
            (edit 3 "Expired" "Dead" patients)
        refused
            "a hospital without a row"
            [ "patient.csv.gz, row 3, column 'hospitalid'"; "'hospital'" ]
            eicu
            dynamic
            statics
            outcomes
            (edit 3 ",12," ",77," patients)
        refused "no stay" [ "sta.csv"; "no stay" ] eicu dynamic [ statics.Head ] outcomes patients
        refused
            "a label that is not 0 or 1"
            [ "outc.csv, row 3, column 'label'" ]
            loadFolder
            dynamic
            statics
            (edit 3 ",1" ",2" outcomes)
            patients
        refused
            "labels of one class"
            [ "both outcomes" ]
            loadFolder
            dynamic
            statics
            (outcomes |> List.map _.Replace(",1", ",0"))
            patients

        refused
            "labels per hour"
            [ "outc.csv, column 'time'"; "mortality24" ]
            loadFolder
            dynamic
            statics
            [ "stay_id,time,label"; "1,0,1" ]
            patients

        test "a Parquet file cut short" {
            withToy (fun root ->
                let folder = Path.Combine(root, "eicu-demo-yaib")
                File.WriteAllText(Path.Combine(folder, "dyn.parquet"), "PAR1")
                expectInputError [ "dyn.parquet"; "Parquet" ] (fun () -> eicu root))
        }
    ]
