module CausalDebiasing.Tests.Debiasing.AugmentedCohortTests

open Expecto
open CausalDebiasing.Cohorts
open CausalDebiasing.Debiasing
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support

let private train = Toy.cohort Toy.standard

/// Row i counts i times.
let private given = Array.init train.Count float32

let private augmented thinning =
    let struct (rows, weights, _) =
        AugmentedCohort.Of(
            train,
            thinning,
            KnownLogit(train, train, null, null),
            OffsetParts(true, true),
            given,
            Seed 4UL
        )

    rows, weights

/// The rows of a patient: pattern and weight.
let private ofPatient (rows: Cohort, weights: float32[]) patient = [
    for row in 0 .. rows.Count - 1 do
        if rows.Patients[row] = int64 patient then
            rows.Pattern row, weights[row]
]

[<Tests>]
let tests =
    testList "augmented cohort" [
        testCase "a patient stands there once per pattern, with its weight in all"
        <| fun () ->
            let all = augmented (Thinning(0.0, 0.5))

            for patient in 0 .. train.Count - 1 do
                let patterns, weights = List.unzip (ofPatient all patient)
                Expect.equal (List.distinct patterns) patterns "patterns differ"
                Expect.equal (List.sum weights) given[patient] "its weight"

                for pattern in patterns do
                    Expect.equal (pattern &&& train.Pattern patient) pattern "shows no more than was recorded"

        testCase "some patients come under several patterns"
        <| fun () ->
            let rows, _ = augmented (Thinning(0.0, 0.5))
            Expect.isGreaterThan rows.Count (train.Count * 3 / 2) "rows"
            Expect.isLessThan rows.Count (train.Count * 4) "repeated patterns are one row"

        testCase "without thinning the rows stay as they are"
        <| fun () ->
            let rows, weights = augmented Thinning.None
            Expect.equal (rows.Mask.ToArray()) (train.Mask.ToArray()) "masks"
            Expect.equal (rows.Patients.ToArray()) (train.Patients.ToArray()) "patients"
            Expect.equal weights given "weights"
    ]
