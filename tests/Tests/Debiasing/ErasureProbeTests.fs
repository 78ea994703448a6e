module CausalDebiasing.Tests.Debiasing.ErasureProbeTests

open System
open Expecto
open CausalDebiasing.Cohorts
open CausalDebiasing.Debiasing
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support

let private rows seed =
    Toy.cohort {
        Toy.standard with
            Rows = 3000
            Missing = 0.2
            Seed = seed
    }
    |> fun cohort -> Standardiser.Fit(cohort).Apply cohort

/// A score of two clusters, drawn without a look at the rows.
let private unrelated seed (cohort: Cohort) =
    let random = Random seed
    Array.init cohort.Count (fun _ -> if random.Next 2 = 0 then -1f else 1f)

let private probe train score held heldScore =
    ErasureProbe.Auroc(train, score, held, heldScore, Seed 3UL)

[<Tests>]
let tests =
    testSequenced
    <| testList "erasure probe" [
        testCase "a score that is in the values is read, one that is not is not"
        <| fun () ->
            let train, held = rows 1, rows 2

            let first (cohort: Cohort) =
                Array.init cohort.Count (fun row -> cohort.Row(0, row).[0])

            let seen (cohort: Cohort) =
                cohort.Select [|
                    for row in 0 .. cohort.Count - 1 do
                        if cohort.IsObserved(row, 0) then
                            row
                |]

            let train, held = seen train, seen held
            Expect.isGreaterThan (probe train (first train) held (first held)) 0.95 "the first feature"

            let nothing = probe train (unrelated 5 train) held (unrelated 6 held)
            Expect.isLessThan (abs (nothing - 0.5)) 0.1 "a coin"

        testCase "held-out rows of one cluster tell nothing"
        <| fun () ->
            let train = rows 1
            let held = train.Select [| 0..99 |]
            Expect.equal (probe train (unrelated 5 train) held (Array.create 100 1f)) 0.5 "no contrast"
    ]
