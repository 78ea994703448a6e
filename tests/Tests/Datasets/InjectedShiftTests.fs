module CausalDebiasing.Tests.Datasets.InjectedShiftTests

open System
open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.WorldSupport

let private rows = 24_000

/// Two rows for every patient; a number that is missing in places, a series, codes and a block that is never missing.
let private cohort =
    lazy
        (let seed = Seed 5UL
         let patients = rows / 2

         let outcomes =
             Draws.uniforms seed "outcome" patients
             |> Array.map (fun u -> if u < 0.3 then 1f else 0f)

         let numbers =
             Draws.normals seed "numbers" (rows * 2)
             |> Array.mapi (fun i z -> if i % 7 = 0 then nanf else float32 (10. + 3. * z))

         let codes = Array.init (rows * 3) (fun i -> float32 (i % 6))
         let series = Draws.normals seed "series" (rows * 4) |> Array.map float32
         let seen = Draws.uniforms seed "seen" (rows * 4)

         Cohort(
             [
                 Modality.Tabular("numbers", 2)
                 Modality.Series("series", 2, 2)
                 Modality.Codes("codes", 3, 5)
                 Modality.Tabular("always", 1)
             ],
             [ numbers; series; codes; Array.init rows (fun i -> float32 (i % 11)) ],
             Array.init (rows * 4) (fun i -> i % 4 = 3 || seen[i] < 0.8),
             Array.init rows (fun row -> outcomes[row / 2]),
             Array.init rows (fun row -> row / 2 % 4),
             [ "d"; "b"; "c"; "a" ],
             Array.init rows (fun row -> int64 (row / 2))
         ))

let private spec = {
    Dataset = "toy"
    MissingRate = Some 0.3
    Mechanism = OutcomeLinked
    MechanismStrength = 1.
    Confounding = 0.8
    Signal = 1.
    TrainSize = None
    Unbiased = false
    Seed = 3
}

let private loaded (cohort: Cohort) : LoadedCohort = {
    Cohort = cohort
    Card = CohortCard.ofCohort "toy" [] [] 0 None cohort
    Split = None
    Groups = []
    ContentHash = ""
}

let private study (spec: DataSpec) =
    DatasetStudy.study (loaded cohort.Value) Own spec

let private natural = {
    spec with
        MissingRate = None
        Mechanism = Natural
        MechanismStrength = 0.
        Confounding = 0.
}

let private test condition (study: Study) =
    (study.Tests |> List.find (fun test -> test.Condition = condition)).Cohort

let private recorded = lazy (study natural)

/// -1 or 1 per row: the sign of what was added to the block that is always seen, which is C up to one common sign.
let private confounder (before: Cohort) (after: Cohort) =
    Array.init before.Count (fun row -> sign (after.Row(3, row)[0] - before.Row(3, row)[0]) |> float)

let private agreement (before: Cohort) (after: Cohort) site =
    let c = confounder before after

    Array.init before.Count id
    |> Array.filter (fun row -> before.SiteNames[before.Sites[row]] = site)
    |> Array.averageBy (fun row -> if (c[row] > 0.) = (before.Labels[row] > 0f) then 1. else 0.)

let private shows (cohort: Cohort) =
    Seq.sumBy (fun observed -> if observed then 1. else 0.) (cohort.Mask.ToArray())

/// -1 or 1: the sign of s_j for that block, found where the confounder is the strongest.
let private orientation kappa =
    let after = (study { natural with Confounding = kappa }).Train

    if agreement recorded.Value.Train after "d" > 0.5 then
        1.
    else
        -1.

let private kappaOnly kappa =
    study { natural with Confounding = kappa }

let private stated kappa site =
    0.5 + kappa * (Map [ "a", 0.20; "b", 0.35; "c", 0.40; "d", 0.45 ])[site]

let private refuses (part: string) action =
    try
        action () |> ignore
        failtest "accepted"
    with :? InputException as error ->
        Expect.stringContains error.Message part "message"
        Expect.isFalse (error.Message.Contains '\n') "one line"

/// The same but for the numbers of codes, which are those of the training rows.
let private same (a: Cohort) (b: Cohort) =
    let numeric m =
        a.Modalities[m].Kind <> ModalityKind.Codes

    a.Mask.SequenceEqual b.Mask
    && a.Labels.SequenceEqual b.Labels
    && a.Sites.SequenceEqual b.Sites
    && a.Patients.SequenceEqual b.Patients
    && Seq.forall
        (fun m -> not (numeric m) || a.Values(m).SequenceEqual(b.Values m))
        (seq { 0 .. a.Modalities.Count - 1 })

[<Tests>]
let tests =
    testList "InjectedShift" [
        testCase "data without injection have their one test and their own bits"
        <| fun () ->
            let split =
                DatasetSplit.ofRows (Seed(3UL).Derive "toy") None cohort.Value [| 0 .. rows - 1 |]

            Expect.equal (recorded.Value.Tests |> List.map _.Condition) [ "id" ] "conditions"
            Expect.isTrue (same recorded.Value.Train split.Train) "train"
            Expect.isTrue (same recorded.Value.Validation split.Validation) "validation"
            Expect.isTrue (same (test "id" recorded.Value) split.Test) "test"

        testCase
            "the confounder agrees with the outcome by site, not at all in do, and oppositely in reversed"
        <| fun () ->
            let injected = kappaOnly 0.8
            let up = orientation 0.8

            let agrees before after site =
                let share = agreement before after site
                if up > 0. then share else 1. - share

            Expect.equal (injected.Tests |> List.map _.Condition) [ "id"; "do"; "reversed" ] "conditions"

            for site in [ "a"; "b"; "c"; "d" ] do
                let near expected actual what =
                    Expect.isLessThan (abs (actual - expected)) 0.06 $"{what}, site {site}: {actual}"

                let tested = test "id" recorded.Value
                near (stated 0.8 site) (agrees recorded.Value.Train injected.Train site) "train"

                near
                    (stated 0.8 site)
                    (agrees recorded.Value.Validation injected.Validation site)
                    "validation"

                near (stated 0.8 site) (agrees tested (test "id" injected) site) "id"
                near 0.5 (agrees tested (test "do" injected) site) "do"
                near (0.5 - 0.4 * 0.8) (agrees tested (test "reversed" injected) site) "reversed"

        testCase "a patient has one confounder, and the imprint has the size of the features"
        <| fun () ->
            let before, after = recorded.Value.Train, (kappaOnly 0.8).Train
            let c = confounder before after

            let byPatient = Array.zip (before.Patients.ToArray()) c |> Array.groupBy fst

            Expect.all byPatient (fun (_, rows) -> rows |> Array.distinct |> Array.length = 1) "one value"

            let added =
                Array.init before.Count (fun row ->
                    abs (float (after.Row(3, row)[0] - before.Row(3, row)[0])))

            Expect.isLessThan (Array.max added - Array.min added) 1e-3 "the same for all"
            Expect.isGreaterThan (Array.min added) 0.01 "some"

            for row in 0 .. before.Count - 1 do
                if before.IsObserved(row, 1) then
                    let change j =
                        float (after.Row(1, row)[j] - before.Row(1, row)[j])

                    Expect.isLessThan (abs (change 0 - change 2)) 1e-4 "each channel at all steps"

        testCase "a column of few values bears no imprint, which would tell the confounder at once"
        <| fun () ->
            let before = recorded.Value.Train
            let values = before.Values(3).ToArray()
            let grades = values |> Array.map (fun value -> if value > 0f then 1f else 0f)

            let cohort =
                before.WithValues [|
                    for m in 0 .. before.Modalities.Count - 1 ->
                        if m = 3 then grades else before.Values(m).ToArray()
                |]

            let imprints = InjectedConfounder.imprints (Seed 1UL) cohort
            Expect.all imprints[3] ((=) 0.) "grades"
            Expect.exists imprints[1] ((<>) 0.) "numbers"

        testCase "what was not recorded stays so, and codes are left alone"
        <| fun () ->
            let before, after = recorded.Value.Train, (kappaOnly 0.8).Train
            Expect.isTrue (after.Mask.SequenceEqual before.Mask) "mask"
            Expect.isTrue (after.Values(2).SequenceEqual(before.Values 2)) "codes"

            let nan' (cohort: Cohort) =
                cohort.Values(0).ToArray() |> Array.map Single.IsNaN

            Expect.equal (nan' after) (nan' before) "NaN"
            Expect.exists (nan' after) id "there are some"

            for row in 0 .. before.Count - 1 do
                if not (before.IsObserved(row, 0)) then
                    Expect.all (after.Row(0, row).ToArray()) ((=) 0f) "hidden"

        testCase "hides the asked share of what was recorded, and leaves one modality"
        <| fun () ->
            let injected = study spec
            let tested = test "id" recorded.Value

            for before, after in
                [
                    recorded.Value.Train, injected.Train
                    recorded.Value.Validation, injected.Validation
                    tested, test "id" injected
                    tested, test "do" injected
                    tested, test "reversed" injected
                ] do
                Expect.isLessThan (abs (1. - shows after / shows before - 0.3)) 0.001 "rate"

                for row in 0 .. before.Count - 1 do
                    Expect.notEqual (after.Pattern row) 0 "one is left"
                    Expect.equal (after.Pattern row &&& ~~~(before.Pattern row)) 0 "nothing appears"

        testCase "hiding goes with the outcome, not at all in do, and oppositely in reversed"
        <| fun () ->
            let injected = study { spec with Confounding = 0. }

            let association condition m =
                let before, after = test "id" recorded.Value, test condition injected
                let missing = missingFlags after m

                let seen =
                    [| 0 .. before.Count - 1 |]
                    |> Array.filter (fun row -> before.IsObserved(row, m))

                correlation
                    (seen |> Array.map (fun row -> missing[row]))
                    (seen |> Array.map (fun row -> float before.Labels[row]))

            for m in 0..3 do
                Expect.isGreaterThan (abs (association "id" m)) 0.15 "id"
                Expect.isLessThan (abs (association "do" m)) 0.06 "do"
                Expect.isLessThan (association "id" m * association "reversed" m) -0.02 "reversed"

        testCase "the ceiling trains on what do has, and its tests are those of all others"
        <| fun () ->
            let biased, ceiling = study spec, study { spec with Unbiased = true }

            Expect.isTrue
                (List.forall2 (fun a b -> same a.Cohort b.Cohort) biased.Tests ceiling.Tests)
                "tests"

            let missing = missingFlags ceiling.Train 3
            Expect.isLessThan (abs (correlation missing (labels ceiling.Train))) 0.03 "mask and outcome"

            let kappa =
                study {
                    natural with
                        Confounding = 0.8
                        Unbiased = true
                }

            let shares =
                [ "a"; "b"; "c"; "d" ] |> List.map (agreement recorded.Value.Train kappa.Train)

            Expect.all shares (fun share -> abs (share - 0.5) < 0.045) $"confounder by site: {shares}"
            Expect.isLessThan (abs (List.average shares - 0.5)) 0.015 $"confounder: {List.average shares}"

        testCase "a smaller training set is part of the larger, and the tests stay"
        <| fun () ->
            let whole, small = study spec, study { spec with TrainSize = Some 500 }
            Expect.equal small.Train.Count 500 "size"
            Expect.isTrue (List.forall2 (fun a b -> same a.Cohort b.Cohort) whole.Tests small.Tests) "tests"

        testCase "a site left out has the bias of its own rank"
        <| fun () ->
            let leave spec =
                DatasetStudy.study (loaded cohort.Value) (SiteLeftOut "d") {
                    spec with
                        Dataset = "toy@site:d"
                }

            let injected = leave { natural with Confounding = 0.8 }

            Expect.equal
                (injected.Tests |> List.map _.Condition)
                [ "id"; "site:d"; "do"; "reversed" ]
                "conditions"

            let share = agreement (test "site:d" (leave natural)) (test "site:d" injected) "d"
            Expect.isLessThan (abs (abs (share - 0.5) - 0.8 * 0.45)) 0.03 "its agreement"

        testCase "sites take turns in the order of their names, and one site has the second agreement"
        <| fun () ->
            let agreement names =
                InjectedConfounder.agreement InDistribution 1. (ResizeArray<string>(names: string list))

            Expect.equal (agreement [ "only" ]) [| 0.85 |] "one"

            Expect.equal
                (agreement [ "e"; "d"; "c"; "b"; "a" ])
                [| 0.5 + 0.2; 0.5 + 0.45; 0.5 + 0.4; 0.5 + 0.35; 0.5 + 0.2 |]
                "five"

        testCase "a rate that cannot be reached and foreign mechanisms are refused"
        <| fun () ->
            refuses "--missing-rate 0.9" (fun () -> study { spec with MissingRate = Some 0.9 })
            refuses "outcome-linked" (fun () -> study { spec with Mechanism = MnarSelf })
            refuses "--confounding" (fun () -> study { spec with Confounding = 2. })
            refuses "ceiling" (fun () -> study { natural with Unbiased = true })

        testCase "what planning studies has no values, and refuses the same"
        <| fun () ->
            let bare = DatasetStudy.withoutValues (loaded cohort.Value)
            let plan division spec = DatasetStudy.study bare division spec

            Expect.all bare.Cohort.Modalities (fun modality -> modality.Size = 1) "one number each"
            let planned, real = plan Own spec, study spec
            Expect.isTrue (planned.Train.Mask.SequenceEqual real.Train.Mask) "the same is hidden"
            Expect.isTrue (planned.Train.Patients.SequenceEqual real.Train.Patients) "from the same"
            plan Own { spec with Mechanism = MnarLatent } |> ignore

            refuses "--missing-rate 0.9" (fun () -> plan Own { spec with MissingRate = Some 0.9 })
            refuses "no site" (fun () -> plan (SiteLeftOut "e") spec)
            refuses "training size" (fun () -> plan Own { spec with TrainSize = Some rows })

        testCase "axes that change nothing are at rest"
        <| fun () ->
            let canonical = InjectedShift.canonical

            let strange = {
                natural with
                    MissingRate = Some 0.3
                    MechanismStrength = 0.5
                    Signal = 4.
            }

            Expect.equal (canonical strange) natural "recorded"

            Expect.equal
                (canonical { spec with MissingRate = Some 0. })
                { natural with Confounding = 0.8 }
                "no rate"

            Expect.equal (canonical spec) spec "injected"
            Expect.isFalse (InjectedShift.isAsked (canonical strange)) "nothing asked"
    ]
