module CausalDebiasing.Tests.Cohorts.PatientFoldsTests

open Expecto
open FsCheck
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime

/// One row per (patient, outcome).
let private cohort (rows: (int64 * bool)[]) =
    Cohort(
        [ Modality.Tabular("x", 1) ],
        [ Array.init rows.Length float32 ],
        Array.create rows.Length true,
        rows |> Array.map (fun (_, event) -> if event then 1f else 0f),
        Array.zeroCreate rows.Length,
        [ "s" ],
        Array.map fst rows
    )

/// Patients with one to three rows, some with an event in one of them.
let private draw seed =
    let random = System.Random(seed: int)

    [|
        for patient in 1L .. int64 (60 + random.Next 60) do
            let hasEvent = random.NextDouble() < 0.3
            let rows = 1 + random.Next 3

            for row in 1..rows do
                patient, hasEvent && row = 1
    |]

[<Tests>]
let tests =
    testList "PatientFolds" [
        testProperty "folds partition the patients, with equal numbers of events" (fun seed (PositiveInt k) ->
            let folds = 2 + k % 6
            let rows = draw seed
            let fold = PatientFolds.Assign(cohort rows, folds, Seed(uint64 k))
            let byPatient = Array.zip rows fold |> Array.groupBy (fst >> fst)

            let together =
                byPatient
                |> Array.forall (fun (_, own) -> (own |> Array.distinctBy snd).Length = 1)

            let sizes keep =
                let counts =
                    byPatient
                    |> Array.filter (snd >> keep)
                    |> Array.countBy (fun (_, own) -> snd own[0])
                    |> Array.map snd

                counts.Length = folds && Array.max counts - Array.min counts <= 1

            let hasEvent = Array.exists (fst >> snd)
            together && sizes hasEvent && sizes (hasEvent >> not) && sizes (fun _ -> true))

        testCase "the seed decides, the order of the rows does not"
        <| fun () ->
            let rows = draw 1

            let assign rows seed =
                PatientFolds.Assign(cohort rows, 5, Seed seed)

            Expect.equal (assign rows 1UL) (assign rows 1UL) "repeatable"
            Expect.notEqual (assign rows 1UL) (assign rows 2UL) "another seed"
            Expect.equal (Array.rev (assign (Array.rev rows) 1UL)) (assign rows 1UL) "by patient"

        testCase "more folds than events are refused"
        <| fun () ->
            let rows = [| for patient in 1L .. 30L -> patient, patient <= 3L |]

            Expect.throwsT<InputException>
                (fun () -> PatientFolds.Assign(cohort rows, 4, Seed 1UL) |> ignore)
                "a fold without an event"

            Expect.hasLength (PatientFolds.Assign(cohort rows, 3, Seed 1UL)) 30 "one in each"
    ]
