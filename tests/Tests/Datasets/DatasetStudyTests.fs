module CausalDebiasing.Tests.Datasets.DatasetStudyTests

open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Cohorts
open CausalDebiasing.Tests.Support.PhysioNet2012Fixture

let private spec = {
    Dataset = "physionet2012"
    MissingRate = None
    Mechanism = Natural
    MechanismStrength = 0.0
    Confounding = 0.0
    Signal = 1.0
    TrainSize = None
    Unbiased = false
    Seed = 1
}

let private patients (cohort: Cohort) =
    cohort.Patients.ToArray() |> Set.ofArray

let private withStudy change action =
    withFolder (fun root ->
        writeFolder root standard
        let spec = change spec
        action (fun () -> (DatasetCatalog.tryFind spec.Dataset).Value.Study (accessTo root) spec))

[<Tests>]
let tests =
    testList "DatasetStudy" [
        test "the parts share no patient, cover all, and depend on the seed only" {
            withStudy id (fun study ->
                let first, again = study (), study ()

                let parts =
                    [ first.Train; first.Validation; (List.exactlyOne first.Tests).Cohort ]
                    |> List.map patients

                Expect.equal first.Tests[0].Condition "id" "condition"
                Expect.equal (parts |> List.sumBy Set.count) 10 "disjoint"
                Expect.hasLength (Set.unionMany parts) 10 "all"
                Expect.equal (first.Train.Patients.ToArray()) (again.Train.Patients.ToArray()) "repeatable"

                let trained seed =
                    let mutable result = Set.empty

                    withStudy (fun spec -> { spec with Seed = seed }) (fun study ->
                        result <- patients (study ()).Train)

                    result

                Expect.isGreaterThan (List.distinct (List.map trained [ 1..6 ])).Length 1 "the seed matters")
        }

        test "a training size takes that many of the training rows" {
            withStudy (fun spec -> { spec with TrainSize = Some 3 }) (fun study ->
                let small = patients (study ()).Train
                Expect.hasLength small 3 "size"

                withStudy id (fun whole ->
                    Expect.isTrue
                        (Set.isSubset small (patients (whole ()).Train))
                        "out of the training rows"))

            withStudy
                (fun spec -> { spec with TrainSize = Some 1000 })
                (expectInputError [ "training size 1000" ])
        }

        test "a site left out is a test set, and its patients are in no other part" {
            let leave name =
                withStudy (fun spec -> {
                    spec with
                        Dataset = $"physionet2012@site:{name}"
                })

            leave "MICU" (fun study ->
                let study = study ()
                Expect.equal (study.Tests |> List.map _.Condition) [ "id"; "site:MICU" ] "conditions"
                let site = study.Tests[1].Cohort
                let index = Seq.findIndex ((=) "MICU") site.SiteNames
                Expect.isTrue (Seq.forall ((=) index) (site.Sites.ToArray())) "only its rows"
                Expect.isGreaterThan site.Count 0 "all of them"

                let others = [ study.Train; study.Validation; study.Tests[0].Cohort ]

                for part in others do
                    Expect.isFalse (Seq.contains index (part.Sites.ToArray())) "none of its rows"

                Expect.equal (site.Count + List.sumBy (fun (c: Cohort) -> c.Count) others) 10 "all rows")

            leave "NICU" (expectInputError [ "no site 'NICU'"; "CCU, CSRU, MICU, SICU" ])
        }

        test "a patient who was at the left-out site too is not trained on" {
            let rows = 80

            let cohort =
                Cohort(
                    [ Modality.Tabular("x", 1) ],
                    [ Array.init rows float32 ],
                    Array.create rows true,
                    Array.init rows (fun row -> float32 (row / 2 % 2)),
                    Array.init rows (fun row -> if row % 8 = 0 then 1 else 0),
                    [ "a"; "b" ],
                    Array.init rows (fun row -> int64 (row / 2))
                )

            let loaded: LoadedCohort = {
                Cohort = cohort
                Card = CohortCard.ofCohort "toy" [] [] 0 None cohort
                Split = None
                Groups = []
                ContentHash = ""
            }

            let study = DatasetStudy.study loaded (SiteLeftOut "b") spec
            let there = patients study.Tests[1].Cohort
            Expect.hasLength there 10 "one row of each fourth patient"
            Expect.equal (study.Tests[1].Cohort.Count) 10 "rows at the site"

            for part in [ study.Train; study.Validation; study.Tests[0].Cohort ] do
                Expect.isEmpty (Set.intersect there (patients part)) "neither at the other site"
        }

        test "the folds of a repeat partition the patients, and the parts of a fold share none" {
            let folds, patientCount = 4, 200

            let cohort =
                Cohort(
                    [ Modality.Tabular("x", 1) ],
                    [ Array.init (2 * patientCount) float32 ],
                    Array.create (2 * patientCount) true,
                    Array.init (2 * patientCount) (fun row -> if row % 10 < 2 then 1f else 0f),
                    Array.zeroCreate (2 * patientCount),
                    [ "only" ],
                    Array.init (2 * patientCount) (fun row -> int64 (row / 2))
                )

            let loaded: LoadedCohort = {
                Cohort = cohort
                Card = CohortCard.ofCohort "toy" [] [] 0 None cohort
                Split = None
                Groups = []
                ContentHash = ""
            }

            let study seed =
                DatasetStudy.study loaded (Folds folds) {
                    spec with
                        Dataset = "toy@folds:4"
                        Seed = seed
                }

            let tested seed =
                let test = List.exactlyOne (study seed).Tests
                Expect.equal test.Condition "id" "condition"
                Expect.floatClose Accuracy.medium test.Cohort.Prevalence 0.2 "prevalence"
                patients test.Cohort

            for repeat in 0..1 do
                let parts = [ for fold in 1..folds -> tested (repeat * folds + fold) ]
                Expect.equal (List.sumBy Set.count parts) patientCount "disjoint"
                Expect.hasLength (Set.unionMany parts) patientCount "all"

            Expect.notEqual (tested 1) (tested 5) "another repeat"
            Expect.equal (tested 3) (tested 3) "repeatable"

            for seed in 1..folds do
                let study = study seed

                let parts =
                    [ study.Train; study.Validation; study.Tests[0].Cohort ] |> List.map patients

                Expect.equal (parts |> List.map Set.count) [ 130; 20; 50 ] "sizes"
                Expect.hasLength (Set.unionMany parts) patientCount "disjoint"

            let given = {
                loaded with
                    Split =
                        Some {
                            Parts = Array.zeroCreate cohort.Count
                            Condition = "later"
                        }
            }

            expectInputError [ "parts are given"; "'@folds'" ] (fun () ->
                DatasetStudy.study given (Folds folds) spec)

            expectInputError [ "'toy'"; "which fold" ] (fun () -> study 0)
        }

        test "what real data cannot give is refused" {
            let refused parts change =
                withStudy change (expectInputError ("physionet2012" :: parts))

            refused [ "'mar'"; "natural, mcar, outcome-linked, mnar-latent" ] (fun spec -> {
                spec with
                    Mechanism = Mar
            })

            refused [ "unbiased" ] (fun spec -> { spec with Unbiased = true })
        }

        test "the catalogue finds the data set, its status and its hash" {
            let dataset = (DatasetCatalog.tryFind "physionet2012").Value
            Expect.contains DatasetCatalog.names "physionet2012" "names"
            Expect.isNone (DatasetCatalog.tryFind "physionet2011") "unknown"

            withFolder (fun root ->
                Expect.isTrue (dataset.Status(Some root)).IsAbsent "absent"
                writeArchive root standard
                Expect.isTrue (dataset.Status(Some root)).IsPresent "present"
                let hash = dataset.ContentHash(accessTo root)
                Expect.equal hash.Length 64 "SHA-256"
                writeArchive root (standard |> edit "9001.txt" (fun text -> text.Replace("HR,80", "HR,81")))
                Expect.notEqual (dataset.ContentHash(accessTo root)) hash "content counts")
        }
    ]
