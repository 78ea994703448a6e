module CausalDebiasing.Tests.Cohorts.CohortTests

open System
open Expecto
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support

let private message (action: unit -> unit) =
    try
        action ()
        ""
    with :? InputException as mistake ->
        mistake.Message

let private build labels mask (values: float32[]) =
    Cohort(
        [| Modality.Tabular("a", 1); Modality.Tabular("b", 1) |],
        [| values; values |],
        mask,
        labels,
        [| 0; 0 |],
        [| "site" |],
        [| 1L; 2L |]
    )
    |> ignore

let private cohort = Toy.cohort { Toy.standard with Rows = 200 }

[<Tests>]
let tests =
    testList "cohort" [
        testCase "values under the mask are zero"
        <| fun () ->
            for m in 0 .. cohort.Modalities.Count - 1 do
                for row in 0 .. cohort.Count - 1 do
                    if not (cohort.IsObserved(row, m)) then
                        Expect.all (cohort.Row(m, row).ToArray()) (fun value -> value = 0f) "hidden"

        testCase "does not change when the arrays it was built from do"
        <| fun () ->
            let values = [| 1f; 2f |]

            let cohort =
                Cohort(
                    [| Modality.Tabular("a", 1) |],
                    [| values |],
                    [| true; true |],
                    [| 0f; 1f |],
                    [| 0; 0 |],
                    [| "s" |],
                    [| 1L; 2L |]
                )

            values[0] <- 99f
            Expect.equal (cohort.Values(0).ToArray()) [| 1f; 2f |] "copied"

        testCase "selecting rows keeps them whole"
        <| fun () ->
            let part = cohort.Select [| 5; 3; 5 |]
            Expect.equal part.Count 3 "rows"
            Expect.equal (part.Row(1, 0).ToArray()) (cohort.Row(1, 5).ToArray()) "values"
            Expect.equal (part.Pattern 1) (cohort.Pattern 3) "pattern"
            Expect.equal part.Patients[2] cohort.Patients[5] "patient"

        testCase "joining matches sites by name"
        <| fun () ->
            let other = cohort.WithSites(Array.zeroCreate cohort.Count, [| "z" |])
            let joined = cohort.Concat other
            Expect.equal joined.Count (2 * cohort.Count) "rows"
            Expect.equal joined.SiteNames[joined.Sites[cohort.Count]] "z" "site of the second part"

        testCase "a mask cannot show what was not observed"
        <| fun () ->
            let all = Array.create cohort.Mask.Length true

            Expect.stringContains
                (message (fun () -> cohort.WithMask all |> ignore))
                "never observed"
                "refused"

        testCase "mistakes are named without values"
        <| fun () ->
            let seen = [| true; true; true; true |]

            for mistake, expected in
                [
                    (fun () -> build [| 0f; 2f |] seen [| 1f; 2f |]), "outcome in row 1 is neither 0 nor 1"
                    (fun () -> build [| 0f; 1f |] [| true; true; false; false |] [| 1f; 2f |]),
                    "Row 1 has no observed modality"
                    (fun () -> build [| 0f; 1f |] seen [| 1f |]), "Modality 'a' has 1 values"
                    (fun () -> build [| 0f; 1f |] seen [| 1f; infinityf |]),
                    "Modality 'a' has an infinite value in row 1"
                ] do
                Expect.stringContains (message mistake) expected "message"

        testCase "splits by patient, with the prevalence in every part"
        <| fun () ->
            let n = cohort.Count

            let twice =
                Cohort(
                    cohort.Modalities,
                    [| for m in 0..2 -> cohort.Values(m).ToArray() |],
                    cohort.Mask.ToArray(),
                    cohort.Labels.ToArray(),
                    cohort.Sites.ToArray(),
                    cohort.SiteNames,
                    Array.init n (fun i -> int64 (i / 4))
                )

            let split = PatientSplit.Random(twice, 0.2, 0.2, Seed 3UL)
            let patients (part: Cohort) = part.Patients.ToArray() |> Set.ofArray
            let parts = [ split.Train; split.Validation; split.Test ]
            Expect.equal (parts |> List.sumBy _.Count) n "all rows"

            for a, b in List.allPairs parts parts do
                if not (obj.ReferenceEquals(a, b)) then
                    Expect.isEmpty (Set.intersect (patients a) (patients b)) "no patient twice"

            for part in parts do
                Expect.floatClose Accuracy.low part.Prevalence 0.5 "prevalence"

        testCase "standardising uses observed training entries only"
        <| fun () ->
            let values = [| 1f; 3f; nanf; 5f; 500f |]

            let cohort =
                Cohort(
                    [| Modality.Tabular("a", 1); Modality.Tabular("b", 1) |],
                    [| values; Array.zeroCreate 5 |],
                    [| true; true; true; true; true; true; true; true; false; true |],
                    [| 0f; 1f; 0f; 1f; 0f |],
                    Array.zeroCreate 5,
                    [| "s" |],
                    Array.init 5 int64
                )

            let standardiser = Standardiser.Fit cohort
            Expect.floatClose Accuracy.medium (float standardiser.Means[0].[0]) 3.0 "mean of 1, 3, 5"
            Expect.floatClose Accuracy.medium (float standardiser.Deviations[0].[0]) (sqrt (8.0 / 3.0)) "sd"
            let result = standardiser.Apply(cohort).Values(0).ToArray()
            Expect.equal result[2] 0f "a missing entry becomes the mean"
            Expect.equal result[4] 0f "an unobserved modality stays zero"

        testCase "rare patterns join the nearest frequent one"
        <| fun () ->
            let patterns = [|
                for i in 0..99 ->
                    if i < 60 then 0b111
                    elif i < 97 then 0b001
                    else 0b011
            |]

            let mask = [|
                for pattern in patterns do
                    for m in 0..2 -> pattern >>> m &&& 1 = 1
            |]

            let one = Modality.Tabular("a", 1)

            let cohort =
                Cohort(
                    [| one; Modality.Tabular("b", 1); Modality.Tabular("c", 1) |],
                    Array.init 3 (fun _ -> Array.zeroCreate 100),
                    mask,
                    Array.init 100 (fun i -> float32 (i % 2)),
                    Array.zeroCreate 100,
                    [| "s" |],
                    Array.init 100 int64
                )

            let table = PatternTable.Fit cohort
            Expect.equal (Seq.toList table.Patterns) [ 0b111; 0b001 ] "kept"

            Expect.equal
                (Seq.toList table.Counts)
                [ 63; 37 ]
                "3 rows of 011 join 111, the more frequent of two at distance 1"

            Expect.floatClose Accuracy.high (Seq.toArray table.Prior |> Array.sum) 1.0 "prior sums to 1"

        testCase "a batch's patterns and positions cannot be changed"
        <| fun () ->
            use _ = TorchSharp.torch.NewDisposeScope()
            use tensors = new TensorCohort(cohort, true)

            for batch in Seq.append [ tensors.All(); tensors.Rows([| 3; 1 |], null) ] (tensors.All().Split 5) do
                for handedOut in [ batch.Patterns; batch.Rows ] do
                    let isArray = box handedOut :? int[]
                    Expect.isFalse (isArray && handedOut.Count > 0) "no array that can be written to"

        testCase "batches of one after the other hold all rows in order, the last what is left"
        <| fun () ->
            use _ = TorchSharp.torch.NewDisposeScope()
            use tensors = new TensorCohort(cohort, true)
            let rows = [| for i in 0 .. cohort.Count - 1 -> (7 * i + 3) % cohort.Count |]
            let whole = tensors.Rows(rows, null)
            let batches = List.ofSeq (whole.Split 64)
            Expect.equal [ for batch in batches -> batch.Count ] [ 64; 64; 64; 8 ] "sizes"

            Expect.equal
                [|
                    for batch in batches do
                        yield! batch.Rows
                |]
                rows
                "positions"

            Expect.equal
                [
                    for batch in batches do
                        yield! batch.Patterns
                ]
                (List.ofSeq whole.Patterns)
                "patterns"

            for part in
                [
                    (fun (batch: Batch) -> batch.Mask)
                    (fun batch -> nonNull batch.Labels)
                    (fun batch -> batch.Values[1])
                ] do
                Expect.equal
                    (List.collect (part >> Tensors.values) batches)
                    (Tensors.values (part whole))
                    "rows"
    ]
