module CausalDebiasing.Tests.Datasets.ManifestTests

open System
open System.IO
open DuckDB.NET.Data
open Expecto
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Cohorts
open CausalDebiasing.Tests
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.ToyManifest

let private bits (cohort: Cohort) = [
    for m in 0 .. cohort.Modalities.Count - 1 ->
        [
            for value in cohort.Values(m).ToArray() -> BitConverter.SingleToInt32Bits value
        ]
]

let private parts (study: Study) =
    [ study.Train; study.Validation; (List.exactlyOne study.Tests).Cohort ]
    |> List.map (fun part -> part.Patients.ToArray() |> Array.distinct |> Array.sort)

let private withProperty (property: string) =
    json.Replace("\"id\":", property + ",\n  \"id\":")

[<Tests>]
let tests =
    testList "Manifest" [
        test "columns become modalities, sites, patients and outcome" {
            let loaded = loadWith json (text rows)
            let cohort = loaded.Cohort
            Expect.equal cohort.Count 40 "rows"
            Expect.equal (List.ofSeq cohort.SiteNames) [ "a"; "b" ] "sites"
            Expect.equal loaded.Card.Patients 20 "patients"

            Expect.equal
                [ for m in cohort.Modalities -> m.Name, m.Width ]
                [ "demographics", 1; "body", 3 ]
                "widths"

            Expect.isFalse (cohort.IsObserved(4, 1)) "codes for missing"
            Expect.equal (cohort.Row(1, 1).ToArray()) [| 21.5f; 0f; 1f |] "kind 2"
            Expect.equal (cohort.Row(1, 2).ToArray()) [| 22.5f; 1f; 0f |] "kind 1.0 is kind 1"
            Expect.equal (cohort.Labels.ToArray()[..3]) [| 0f; 0f; 1f; 1f |] "outcome"

            Expect.equal
                [ for m: ModalitySummary in loaded.Card.Modalities -> m.MissingRate ]
                [ 0.; 0.25 ]
                "card"
        }

        test "csv.gz and Parquet give the same cohort" {
            TempFolder.withFolder (fun folder ->
                let path = write folder json (text rows)
                let plain = load path
                compress (Path.Combine(folder, "toy.csv.gz")) (text rows)
                File.WriteAllText(path, json.Replace("toy.csv", "toy.csv.gz"))
                Expect.isTrue (WorldSupport.same (load path).Cohort plain.Cohort) "csv.gz"

                use connection = new DuckDBConnection("DataSource=:memory:")
                connection.Open()
                use command = connection.CreateCommand()

                command.CommandText <-
                    $"COPY (SELECT * FROM read_csv('{folder}/toy.csv')) TO '{folder}/toy.parquet' (FORMAT parquet)"

                command.ExecuteNonQuery() |> ignore
                File.WriteAllText(path, json.Replace("toy.csv", "toy.parquet"))
                Expect.equal (bits (load path).Cohort) (bits plain.Cohort) "Parquet"
                Expect.equal (load path).Card.Rows 40 "rows")
        }

        test "semicolons, quotes and files with a site each" {
            TempFolder.withFolder (fun folder ->
                let quoted = rows |> List.map (fun row -> "\"" + row.Replace(",", "\";\"") + "\"")

                let path = write folder json (text quoted)
                Expect.equal (bits (load path).Cohort) (bits (loadWith json (text rows)).Cohort) "semicolons"

                File.WriteAllText(
                    path,
                    json
                        .Replace("\"site\": \"site\",", "")
                        .Replace(
                            "{ \"path\": \"toy.csv\" }",
                            """{ "path": "toy.csv", "site": "x" }, { "path": "toy.csv", "site": "y" }"""
                        )
                )

                let card = (load path).Card
                Expect.equal [ for s in card.Sites -> s.Site, s.Rows ] [ "x", 40; "y", 40 ] "sites"
                Expect.equal card.Patients 40 "an id counts within its site")
        }

        test "an outcome by threshold, by word and unknown" {
            let outcome condition change =
                let loaded =
                    loadWith
                        (json.Replace("\"death\" }", $"\"death\", {condition} }}"))
                        (text (rows |> List.map change))

                loaded.Card

            Expect.equal (outcome "\"positive\": \"> 0\"" id).Events 20 "threshold"
            Expect.equal (outcome "\"positive\": \"<= 0.5\"" id).Events 20 "the other side"

            Expect.equal
                (outcome "\"positive\": \"= dead\", \"negative\": \"= 0 | 1\"" _.Replace(",1,t", ",dead,t"))
                    .Events
                18
                "word"

            let unknown =
                loadWith json (text (rows |> List.map _.Replace(",1,validation", ",?,validation")))

            Expect.equal
                unknown.Card.Exclusions
                [
                    { Reason = "outcome unknown"; Rows = 2 }
                    {
                        Reason = "no modality observed"
                        Rows = 0
                    }
                ]
                "left out"

            Expect.equal unknown.Card.Rows 38 "rest"
        }

        test "declared levels keep their order; others are missing if that is said" {
            let levels unknown =
                json.Replace("\"categorical\": true", $"\"levels\": [\"2\", \"3\"]{unknown}")

            let cohort = (loadWith (levels ", \"unknown\": \"missing\"") (text rows)).Cohort

            Expect.equal (cohort.Row(1, 1).ToArray()) [| 21.5f; 1f; 0f |] "kind 2"
            let other = cohort.Row(1, 2).ToArray()
            Expect.isTrue (Single.IsNaN other[1] && Single.IsNaN other[2]) "kind 1"
        }

        test "the data's own split is used, whatever the seed" {
            let dataset = withProperty "\"split\": \"part\""

            TempFolder.withFolder (fun folder ->
                let path = write folder dataset (text rows)

                let study seed =
                    (ManifestDataset.ofFile path).Study access {
                        WorldSupport.spec path seed with
                            MissingRate = None
                            Confounding = 0.
                    }

                Expect.equal (study 1).Tests[0].Condition "id" "condition"
                Expect.equal (parts (study 1) |> List.map Array.length) [ 14; 2; 4 ] "patients"
                Expect.equal (parts (study 2)) (parts (study 1)) "seed")
        }

        test "a split by time tests on the last patients" {
            let loaded = loadWith (withProperty "\"time\": \"year\"") (text rows)
            let split = loaded.Split.Value
            Expect.equal split.Condition "later" "condition"

            Expect.equal
                split.Parts
                [|
                    for i in 0..39 ->
                        if i >= 32 then 2
                        elif i >= 28 then 1
                        else 0
                |]
                "parts"
        }

        test "the cache knows the manifest and the split" {
            TempFolder.withFolder (fun folder ->
                let path = write folder (withProperty "\"split\": \"part\"") (text rows)

                let cached = {
                    access with
                        Cache = Some(Path.Combine(folder, "cache"))
                }

                let load () =
                    (ManifestDataset.ofFile path).Load cached

                let first, second = load (), load ()
                Expect.equal $"%A{second.Card}" $"%A{first.Card}" "card"
                Expect.equal second.Split first.Split "split"
                Expect.equal second.ContentHash first.ContentHash "hash"
                File.WriteAllText(path, json)
                Expect.isNone (load ()).Split "another manifest"
                Expect.hasLength (Directory.GetFiles(cached.Cache.Value)) 2 "entries")
        }

        test "a draft of a manifest can be read and loads" {
            TempFolder.withFolder (fun folder ->
                let path = write folder json (text rows)
                let draft, _ = ManifestDraft.ofTable (Path.Combine(folder, "toy.csv")) None
                Expect.equal draft.Outcome.Column "death" "outcome"
                Expect.equal (draft.Patient, draft.Site) (Some "patient", Some "site") "roles"
                Expect.equal draft.Missing (Some [ "?" ]) "missing codes"
                File.WriteAllText(path, Manifest.write draft)
                Expect.equal (load path).Card.Rows 40 "rows")
        }
    ]
