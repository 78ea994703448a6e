module CausalDebiasing.Tests.Datasets.TrainingVocabularyTests

open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Cohorts

/// Rows of codes in two slots, a patient each.
let private cohort (rows: (int * int) list) =
    Cohort(
        [| Modality.Codes("codes", 2, 99) |],
        [|
            [|
                for a, b in rows do
                    yield! [ float32 a; float32 b ]
            |]
        |],
        Array.create rows.Length true,
        Array.init rows.Length (fun i -> float32 (i % 2)),
        Array.zeroCreate rows.Length,
        [| "all" |],
        Array.init rows.Length int64
    )

let private train =
    cohort [
        for i in 1..10 do
            if i <= 5 then 7, 30 + i else 9, 8
        9, 0
    ]

[<Tests>]
let tests =
    testList "TrainingVocabulary" [
        test "codes that five training patients have, by frequency; all others are one" {
            let numbered = TrainingVocabulary.fit train
            let own = numbered train
            Expect.equal own.Modalities[0].Width 4 "9, 7, 8 and the rest"
            Expect.equal (own.Row(0, 0).ToArray()) [| 2f; 4f |] "7 and a rare one"
            Expect.equal (own.Row(0, 10).ToArray()) [| 1f; 0f |] "9 alone"

            let other = numbered (cohort [ 60, 61; 31, 9; 8, 0 ])
            Expect.equal other.Modalities[0] own.Modalities[0] "one schema"

            Expect.equal
                (other.Values(0).ToArray())
                [| 4f; 0f; 4f; 1f; 3f; 0f |]
                "unseen ones count as the rest"
        }

        test "other patients' codes do not change it" {
            let rest = cohort [ for _ in 1..50 -> 60, 61 ]
            let numbered = TrainingVocabulary.fit train
            Expect.equal (numbered rest).Modalities[0].Width 4 "width"

            Expect.allEqual
                ((numbered rest).Values(0).ToArray() |> Array.chunkBySize 2)
                [| 4f; 0f |]
                "no code of its own"
        }

        test "one patient's many rows count once" {
            let repeated = cohort [ for _ in 1..9 -> 5, 0 ]

            let one =
                Cohort(
                    repeated.Modalities,
                    [| repeated.Values(0).ToArray() |],
                    repeated.Mask.ToArray(),
                    repeated.Labels.ToArray(),
                    repeated.Sites.ToArray(),
                    repeated.SiteNames,
                    Array.zeroCreate 9
                )

            Expect.equal (TrainingVocabulary.fit one one).Modalities[0].Width 1 "rare"
        }
    ]
