module CausalDebiasing.Tests.Datasets.PatientGroupsTests

open System.IO
open System.Globalization
open Expecto
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Tests
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.PhysioNet2012Fixture
open CausalDebiasing.Tests.Support.ToyManifest

let private withSubgroups (subgroups: string) =
    json.Replace("\"id\":", $"\"subgroups\": [{subgroups}],\n  \"id\":")

let private both =
    """{ "column": "age", "bands": [50, 60.5] }, { "column": "kind", "name": "ward", "labels": { "1": "surgical" } }"""

let private names kind (loaded: LoadedCohort) =
    (loaded.Groups |> List.find (fun groups -> groups.Kind = kind)).Names

let private refused subgroups parts =
    expectInputError parts (fun () -> loadWith (withSubgroups subgroups) (text rows))

/// Age and sex of the rows of a file of heart disease whose outcome is known, in the file's order.
let private heartRows site =
    File.ReadLines(Path.Combine(System.AppContext.BaseDirectory, "heart-uci", $"processed.{site}.data"))
    |> Seq.map _.Split(',')
    |> Seq.filter (fun cells -> cells.Length > 1 && cells[13] <> "?")
    |> Seq.map (fun cells ->
        System.Double.Parse(cells[0], CultureInfo.InvariantCulture),
        System.Double.Parse(cells[1], CultureInfo.InvariantCulture))
    |> Array.ofSeq

let private heart = lazy ((DatasetCatalog.tryFind "heart-uci").Value.Load access)

let private predictionsOf division (data: DataSpec) condition =
    let loaded = heart.Value

    let test =
        (DatasetStudy.study loaded division data).Tests
        |> List.find (fun test -> test.Condition = condition)

    TestPredictions.ofTest data loaded.ContentHash test (Array.create test.Cohort.Count 0.5f)

[<Tests>]
let tests =
    testList "patient groups" [
        testCase "bands are named by their limits, each of which begins one"
        <| fun () ->
            for value, name in
                [
                    49.9, "below 50"
                    50., "50 to below 60.5"
                    60.5, "60.5 or above"
                    nan, "unknown"
                ] do
                Expect.equal (PatientGroups.band [ 50.; 60.5 ] value) name $"{value}"

        testCase "a manifest names columns by which rows are told apart, features or not"
        <| fun () ->
            let loaded = loadWith (withSubgroups both) (text rows)
            let ages = names "age" loaded
            // Row i has age 40 + i.
            Expect.equal
                (Array.countBy id ages)
                [| "below 50", 10; "50 to below 60.5", 11; "60.5 or above", 19 |]
                "age"

            let wards = names "ward" loaded

            Expect.equal
                wards[..4]
                [| "unknown"; "2"; "surgical"; "2"; "unknown" |]
                "codes with and without a label"

        testCase "they are no part of the data: content and cohort are as without"
        <| fun () ->
            let bare, grouped =
                loadWith json (text rows), loadWith (withSubgroups both) (text rows)

            Expect.equal grouped.ContentHash bare.ContentHash "content"
            Expect.isTrue (WorldSupport.same grouped.Cohort bare.Cohort) "cohort"
            Expect.isEmpty bare.Groups "none asked for"

        testCase "they come back from the cache, in which those of another manifest are others"
        <| fun () ->
            TempFolder.withFolder (fun folder ->
                let cached = {
                    access with
                        Cache = Some(Path.Combine(folder, "cache"))
                }

                let loadCached manifest =
                    (ManifestDataset.ofFile (write folder manifest (text rows))).Load cached

                let first = loadCached (withSubgroups both)
                Expect.equal (loadCached (withSubgroups both)).Groups first.Groups "again"
                Expect.isEmpty (loadCached json).Groups "without")

        testCase "a manifest that contradicts itself is refused, and so are groups that could name patients"
        <| fun () ->
            refused """{ "column": "height" }""" [ "toy.csv"; "no column 'height'" ]
            refused """{ "column": "kind", "bands": [1, 1] }""" [ "toy.json"; "'bands'"; "do not ascend" ]
            refused """{ "column": "kind", "bands": [] }""" [ "'bands'"; "empty" ]

            refused """{ "column": "kind", "bands": [1], "labels": { "1": "a" } }""" [
                "both 'bands' and 'labels'"
            ]

            refused """{ "column": "kind", "name": "site" }""" [ "another 'name'" ]

            refused """{ "column": "age" }, { "column": "kind", "name": "age" }""" [
                "2 subgroups are named 'age'"
            ]

            refused """{ "column": " " }""" [ "'subgroups', entry 1" ]

            refused """{ "column": "part", "bands": [1] }""" [
                "toy.csv, row 1, column 'part'"
                "not a number"
            ]

            let many =
                rows.Head
                :: [
                    for copy in 0..1 do
                        for i, row in List.indexed rows.Tail do
                            let cells = row.Split ','
                            cells[0] <- string (100 + 40 * copy + i)
                            String.concat "," cells
                ]

            expectInputError [ "toy.json"; "'stay'"; "80 groups"; "at most 50" ] (fun () ->
                loadWith (withSubgroups """{ "column": "stay" }""") (text many))

        testCase "readers that know what columns mean give sex and age, of eICU also ethnicity"
        <| fun () ->
            withFolder (fun root ->
                let edited =
                    standard
                    |> edit "9002.txt" (fun record -> record.Replace("Gender,1", "Gender,0"))

                let edited =
                    edited
                    |> edit "9004.txt" (fun record -> record.Replace("Gender,1", "Gender,-1"))

                writeFolder root edited
                let loaded = (DatasetCatalog.tryFind "physionet2012").Value.Load(accessTo root)
                // 9001 is 60 years old, 9002 is 70, 9003 has no outcome, the others are 44 to 51.
                let sexes = names "sex" loaded
                Expect.equal sexes[..3] [| "male"; "female"; "unknown"; "male" |] "sex"

                Expect.equal
                    (names "age" loaded |> Array.countBy id |> Array.sort)
                    [| "50 to below 65", 3; "65 to below 80", 1; "below 50", 6 |]
                    "age")

            let eicu =
                ToyRelease.eicu
                |> ToyRelease.edit "patient" 1 "Asian" "Hispanic"
                |> ToyRelease.edit "patient" 2 "Asian" ""
                |> ToyRelease.load "eicu-demo" "eicu-demo"

            let ethnicities = names "ethnicity" eicu

            Expect.equal ethnicities[..2] [| "Hispanic"; "other or unknown"; "Asian" |] "ethnicity"

            Expect.allEqual (names "sex" eicu) "female" "sex"

        for name, division, spec, condition in
            [
                "a site left out",
                SiteLeftOut "va",
                (fun (spec: DataSpec) -> {
                    spec with
                        Dataset = "heart-uci@site:va"
                }),
                "site:va"
                "patients of other sites",
                SiteLeftOut "va",
                (fun (spec: DataSpec) -> {
                    spec with
                        Dataset = "heart-uci@site:va"
                }),
                "id"
                "a fold",
                Folds 4,
                (fun (spec: DataSpec) -> {
                    spec with
                        Dataset = "heart-uci@folds:4"
                        Seed = 3
                }),
                "id"
                "an injected bias", Own, (fun (spec: DataSpec) -> { spec with Confounding = 0.5 }), "reversed"
            ] do
            testCase $"the rows of {name} are those that the study tests"
            <| fun () ->
                let data = spec (DataSpec.asItIs "heart-uci" 1)
                let loaded = heart.Value

                let tested =
                    (DatasetStudy.study loaded division data).Tests
                    |> List.find (fun test -> test.Condition = condition)

                let rows =
                    DatasetStudy.testRows loaded division data
                    |> List.find (fst >> (=) condition)
                    |> snd

                let found = loaded.Cohort.Select rows
                Expect.equal (found.Patients.ToArray()) (tested.Cohort.Patients.ToArray()) "patients"
                Expect.equal (found.Labels.ToArray()) (tested.Cohort.Labels.ToArray()) "outcomes"

                Expect.equal
                    (DatasetStudy.testRows loaded division data |> List.map fst)
                    ((DatasetStudy.study loaded division data).Tests |> List.map _.Condition)
                    "conditions"

        testCase "rows keep their number where there are many"
        <| fun () ->
            let few = heart.Value.Cohort
            let many = few.Select [| for row in 0..69_999 -> row % few.Count |]
            let loaded = { heart.Value with Cohort = many }
            let data = DataSpec.asItIs "heart-uci" 1
            let tested = (DatasetStudy.study loaded Own data).Tests.Head.Cohort
            let rows = DatasetStudy.testRows loaded Own data |> List.head |> snd
            Expect.isGreaterThan (Array.max rows) 65_536 "of both halves"
            Expect.equal (rows.Length, (Array.distinct rows).Length) (tested.Count, tested.Count) "once each"

            Expect.equal (many.Select(rows).Patients.ToArray()) (tested.Patients.ToArray()) "patients"

        testCase "kept predictions of a hospital get the sex and age that its file has, row by row"
        <| fun () ->
            let data = DataSpec.asItIs "heart-uci@site:va" 1
            let test = predictionsOf (SiteLeftOut "va") data "site:va"
            let groups = RecordedGroups.ofTest heart.Value (SiteLeftOut "va") data test |> Map
            let file = heartRows "va"
            Expect.equal test.Patients.Length file.Length "rows"

            Expect.equal
                groups["sex"]
                (file |> Array.map (fun (_, sex) -> if sex = 1. then "male" else "female"))
                "sex"

            Expect.equal
                (groups["age"] |> Array.filter ((=) "60 or above") |> Array.length)
                (file |> Array.filter (fun (age, _) -> age >= 60.) |> Array.length)
                "age"

        testCase "predictions for other data get none"
        <| fun () ->
            let data = DataSpec.asItIs "heart-uci@site:va" 1
            let test = predictionsOf (SiteLeftOut "va") data "site:va"

            let other = {
                heart.Value with
                    ContentHash = "other"
            }

            Expect.isEmpty (RecordedGroups.ofTest other (SiteLeftOut "va") data test) "another content"

            Expect.isEmpty
                (RecordedGroups.ofTest heart.Value (SiteLeftOut "va") data { test with Condition = "do" })
                "another test"

            let fewer = {
                test with
                    Patients = test.Patients[1..]
            }

            Expect.isEmpty (RecordedGroups.ofTest heart.Value (SiteLeftOut "va") data fewer) "other rows"
    ]
