module CausalDebiasing.Tests.Datasets.PhysioNet2012Tests

open System
open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Cohorts
open CausalDebiasing.Tests.Support.PhysioNet2012Fixture
open CausalDebiasing.Networks

let private loaded write options =
    let mutable result = None

    withFolder (fun root ->
        write root standard
        result <- Some(load options root))

    result.Value

let private modality (cohort: Cohort) name =
    Seq.findIndex (fun (m: Modality) -> m.Name = name) cohort.Modalities

let private row (cohort: Cohort) name i =
    cohort.Row(modality cohort name, i).ToArray()

let private first6 (row: float32[]) = row[..5]

let private bits = Array.map BitConverter.SingleToInt32Bits

/// Equal with NaN equal to NaN.
let private same actual expected message =
    Expect.equal (bits actual) (bits expected) message

let private values (cohort: Cohort) = [
    for m in 0 .. cohort.Modalities.Count - 1 -> bits (cohort.Values(m).ToArray())
]

[<Tests>]
let tests =
    testList "PhysioNet2012" [
        test "rows are the stays with a known outcome, by record number" {
            let cohort = (loaded writeFolder PhysioNet2012.defaults).Cohort

            Expect.equal
                (cohort.Patients.ToArray())
                [| 9001L; 9002L; yield! [ 9004L .. 9011L ] |]
                "9003 is unknown"

            Expect.equal (cohort.Labels.ToArray()) [| 0f; 1f; 0f; 1f; 0f; 1f; 0f; 1f; 0f; 1f |] "deaths"
            Expect.equal cohort.SiteNames[cohort.Sites[1]] "CSRU" "ICU type 2"
        }

        test "record numbers above 2^24 are read as they are" {
            let number id = id + 16768216

            let renumbered = {
                Records =
                    Map [
                        for id in 9001..9011 ->
                            $"{number id}.txt",
                            standard.Records[$"{id}.txt"].Replace($"RecordID,{id}", $"RecordID,{number id}")
                    ]
                Outcomes =
                    (standard.Outcomes, [ 9001..9011 ])
                    ||> List.fold (fun text id -> text.Replace($"\n{id},", $"\n{number id},"))
            }

            withFolder (fun root ->
                writeFolder root renumbered
                let cohort = (load PhysioNet2012.defaults root).Cohort
                Expect.equal (cohort.Patients.ToArray()[..2]) [| 16777217L; 16777218L; 16777220L |] "records")
        }

        test "folder and archive give the same cohort, card and hash" {
            let folder = loaded writeFolder PhysioNet2012.defaults
            let archive = loaded writeArchive PhysioNet2012.defaults
            Expect.equal (values archive.Cohort) (values folder.Cohort) "values"
            Expect.equal $"%A{archive.Card}" $"%A{folder.Card}" "card"
            Expect.equal archive.ContentHash folder.ContentHash "hash"
        }

        test "sets are joined when asked for, and only then" {
            withFolder (fun root ->
                writeFolder root standard
                writeSet "b" root renumbered

                let both =
                    (load
                        {
                            PhysioNet2012.defaults with
                                Sets = [ B; A ]
                        }
                        root)
                        .Cohort

                let a = (load PhysioNet2012.defaults root).Cohort
                Expect.equal (both.Count, a.Count) (20, 10) "rows"
                Expect.equal (both.Patients[0], both.Patients[10]) (8001L, 9001L) "by record number"
                Expect.equal (row both "vitals" 10 |> bits) (row a "vitals" 0 |> bits) "same stay")
        }

        test "all 36 series parameters have one place and a range" {
            let names = PhysioNet2012Parameters.all |> Array.map _.Name
            Expect.hasLength (Array.distinct names) 36 "parameters"
            Expect.all PhysioNet2012Parameters.all (fun p -> p.Low <= p.High) "ranges"
        }

        test "a modality is observed as soon as one of its parameters is measured, even implausibly" {
            let cohort = (loaded writeFolder PhysioNet2012.defaults).Cohort

            let pattern i =
                MissingnessPattern.Format(cohort.Pattern i, cohort.Modalities.Count)

            Expect.equal (pattern 0) "11111111" "everything"
            Expect.equal (pattern 1) "11010000" "demographics, vitals, blood gas"
            Expect.equal (pattern 2) "11000000" "demographics, vitals"
            Expect.all (row cohort "blood-gas" 1 |> first6 |> Array.skip 1) Single.IsNaN "pH 187 is no value"
        }

        test "summaries are log count, first, last, minimum, maximum and mean of the plausible values" {
            let cohort = (loaded writeFolder PhysioNet2012.defaults).Cohort
            same (first6 (row cohort "vitals" 0)) [| log 4f; 80f; 90f; 80f; 100f; 90f |] "HR 0 is an artefact"
            same (first6 (row cohort "blood-gas" 0)) [| log 2f; 7.35f; 7.35f; 7.35f; 7.35f; 7.35f |] "pH 735"

            same
                (first6 (Array.skip 6 (row cohort "vitals" 0)))
                [| 0f; nanf; nanf; nanf; nanf; nanf |]
                "Temp not measured"

            let ventilation = row cohort "urine-ventilation" 0
            Expect.equal ventilation.Length 13 "two parameters and one flag"
            Expect.equal ventilation[12] (log 3f) "ventilation charted twice"
        }

        test "unknown statics are NaN and weight is the first known one" {
            let cohort = (loaded writeFolder PhysioNet2012.defaults).Cohort
            same (row cohort "demographics" 0) [| 60f; 1f; nanf; 70f |] "age, gender, height, weight"
            same (row cohort "demographics" 1) [| 70f; 1f; nanf; nanf |] "no weight"
        }

        test "hourly series carry the last value forward and mark the hours with a value" {
            let cohort =
                (loaded writeFolder {
                    PhysioNet2012.defaults with
                        Representation = Hourly
                })
                    .Cohort

            let channels = 20
            let vitals = row cohort "vitals" 0
            let hour h channel = vitals[h * channels + channel]
            Expect.equal vitals.Length (48 * channels) "48 hours, ten values and ten marks"

            Expect.equal
                [ for h in [ 0; 1; 2; 3; 46; 47 ] -> hour h 0 ]
                [ 80f; 80f; 100f; 100f; 100f; 90f ]
                "HR"

            Expect.equal [ for h in [ 0; 1; 2; 3; 46; 47 ] -> hour h 10 ] [ 1f; 0f; 1f; 0f; 0f; 1f ] "marks"
            Expect.isTrue (Single.IsNaN(hour 47 1)) "Temp has no value"
            let gas = row cohort "blood-gas" 0
            Expect.isTrue (Single.IsNaN gas[2 * 8]) "NaN before the first value"
            Expect.equal gas[3 * 8] 7.35f "then the value"
        }

        test "rows may come in any order" {
            withFolder (fun root ->
                let swap (text: string) =
                    text.Replace("00:07,HR,80\n", "").Replace("48:00,HR,90\n", "48:00,HR,90\n00:07,HR,80\n")

                writeFolder root (standard |> edit "9001.txt" swap)
                let cohort = (load PhysioNet2012.defaults root).Cohort

                Expect.equal
                    (values cohort)
                    (values (loaded writeFolder PhysioNet2012.defaults).Cohort)
                    "values")
        }

        test "the outcome file decides labels only: no feature changes with it" {
            withFolder (fun root ->
                let swapped =
                    standard.Outcomes.Replace(",0\n", ",x\n").Replace(",1\n", ",0\n").Replace(",x\n", ",1\n")

                writeFolder root {
                    standard with
                        Outcomes = swapped.Replace(",5,", ",99,")
                }

                let cohort = (load PhysioNet2012.defaults root).Cohort
                let original = (loaded writeFolder PhysioNet2012.defaults).Cohort
                Expect.equal (values cohort) (values original) "values"
                Expect.equal (cohort.Mask.ToArray()) (original.Mask.ToArray()) "mask"
                Expect.notEqual (cohort.Labels.ToArray()) (original.Labels.ToArray()) "labels")
        }

        test "the card counts what is there and what was left out" {
            let card = (loaded writeFolder PhysioNet2012.defaults).Card
            Expect.equal (card.Rows, card.Patients, card.Events) (10, 10, 5) "size"
            Expect.equal card.Exclusions [ { Reason = "outcome unknown"; Rows = 1 } ] "9003"
            Expect.equal card.ImplausibleValues 3 "two heart rates of 0, one pH"
            let gas = card.Modalities |> List.find (fun m -> m.Modality = "blood-gas")

            Expect.equal
                (gas.MissingRate, gas.PrevalenceObserved, gas.PrevalenceMissing)
                (0.8, 0.5, 0.5)
                "blood gas"

            Expect.equal (card.Sites |> List.sumBy _.Rows) 10 "sites"
        }
    ]
