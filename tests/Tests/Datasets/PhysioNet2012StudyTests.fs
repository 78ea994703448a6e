module CausalDebiasing.Tests.Datasets.PhysioNet2012StudyTests

open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Worlds
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
        action (fun () -> PhysioNet2012Study.study (accessTo root) (change spec)))

[<Tests>]
let tests =
    testList "PhysioNet2012Study" [
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

        test "what real data cannot give is refused" {
            let refused parts change =
                withStudy change (expectInputError ("physionet2012" :: parts))

            refused [ "'natural'" ] (fun spec -> { spec with Mechanism = Mcar })
            refused [ "'natural'" ] (fun spec -> { spec with MissingRate = Some 0.3 })
            refused [ "confounding" ] (fun spec -> { spec with Confounding = 0.5 })
            refused [ "unbiased" ] (fun spec -> { spec with Unbiased = true })
        }

        test "the catalogue finds the data set, its status and its hash" {
            let dataset = (DatasetCatalog.tryFind "physionet2012").Value
            Expect.contains DatasetCatalog.names "physionet2012" "names"
            Expect.isNone (DatasetCatalog.tryFind "physionet2011") "unknown"
            Expect.isFalse dataset.CanBeUnbiased "no ceiling"

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
