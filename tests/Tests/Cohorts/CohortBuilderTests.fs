module CausalDebiasing.Tests.Cohorts.CohortBuilderTests

open System
open Expecto
open CausalDebiasing
open CausalDebiasing.Cohorts
open CausalDebiasing.Tests.Support

let private modalities = [|
    Modality.Tabular("vitals", 2)
    Modality.Series("labs", 2, 2)
    Modality.Codes("drugs", 3, 9)
|]

let private none: float32[] | null = null
let private vitals: float32[] | null = [| 1f; nanf |]
let private labs: float32[] | null = [| 1f; 2f; 3f; 4f |]
let private drugs: float32[] | null = [| 0f; 7f; 9f |]

let private patient (id: int) = Nullable(int64 id)
let private outcome (label: int) = Nullable label

let private stored (cohort: Cohort) =
    (List.ofSeq (cohort.Mask.ToArray()), [ for m in 0..2 -> cohort.Values(m).ToArray() |> Array.map string ])

[<Tests>]
let tests =
    Trained.tests "cohort builder" [
        testCase "rows one by one make the cohort of the arrays"
        <| fun () ->
            let built =
                CohortBuilder(modalities)
                    .Add(patient 7, "north", outcome 1, struct ("labs", labs), struct ("vitals", vitals))
                    .Add(patient 7, "south", outcome 0, struct ("drugs", drugs), struct ("vitals", none))
                    .Build()

            let arrays =
                Cohort(
                    modalities,
                    [|
                        [| 1f; nanf; 0f; 0f |]
                        [| 1f; 2f; 3f; 4f; 0f; 0f; 0f; 0f |]
                        [| 0f; 0f; 0f; 0f; 7f; 9f |]
                    |],
                    [| true; true; false; false; false; true |],
                    [| 1f; 0f |],
                    [| 0; 1 |],
                    [| "north"; "south" |],
                    [| 7L; 7L |]
                )

            Expect.equal (stored built) (stored arrays) "values and mask"
            Expect.equal (built.Labels.ToArray()) (arrays.Labels.ToArray()) "outcomes"
            Expect.equal (built.Sites.ToArray()) (arrays.Sites.ToArray()) "sites"
            Expect.sequenceEqual built.SiteNames arrays.SiteNames "names"
            Expect.equal (built.Patients.ToArray()) (arrays.Patients.ToArray()) "patients"

        testCase "what is not known need not be given"
        <| fun () ->
            let builder = CohortBuilder(modalities).Add(struct ("labs", labs))
            let one = builder.Build()
            Expect.equal (builder.Add(patient -4, null, Nullable(), struct ("vitals", vitals)).Count) 2 "rows"
            let both = builder.Build()
            Expect.equal one.Count 1 "built before"
            Expect.isFalse both.HasOutcomes "no outcomes"
            Expect.sequenceEqual both.SiteNames [ Cohort.UnknownSite ] "no sites"
            Expect.equal (Array.distinct (both.Patients.ToArray())).Length 2 "two patients"
            Expect.equal both.Patients[1] -4L "of whom one is known"

            let arrays =
                Cohort([| Modality.Tabular("a", 1) |], [| [| 1f; 2f |] |], [| true; true |])

            Expect.equal (arrays.Count, arrays.HasOutcomes) (2, false) "from arrays"
            Expect.equal (arrays.Patients.ToArray()) [| 0L; 1L |] "each a patient of its own"

        testCase "mistakes are named, and the row is not added"
        <| fun () ->
            let builder = CohortBuilder(modalities)

            for said, given in
                [
                    "'labz' that the cohort has not; known: vitals, labs, drugs", [| struct ("labz", labs) |]
                    "'labs' twice", [| struct ("labs", labs); struct ("labs", labs) |]
                    "'labs' in row 0 has 2 values and needs 4", [| struct ("labs", vitals) |]
                    "Row 0 has no observed modality", [| struct ("labs", none) |]
                    "Row 0 has no observed modality", [||]
                ] do
                Expect.stringContains (InputErrors.message (fun () -> builder.Add given)) said said

            Expect.stringContains
                (InputErrors.message (fun () -> builder.Add(patient 1, "a", outcome 2, struct ("labs", labs))))
                "outcome in row 0 is neither 0 nor 1"
                "outcome"

            Expect.equal builder.Count 0 "not added"
            builder.Add(patient 1, "a", outcome 1, struct ("labs", labs)) |> ignore
            builder.Add(struct ("labs", labs)) |> ignore

            Expect.stringContains
                (InputErrors.message (fun () -> builder.Build()))
                "outcome in row 1 is not known, and those of 1 other"
                "some outcomes"

            Expect.stringContains
                (InputErrors.message (fun () -> CohortBuilder(modalities[0], modalities[0])))
                "same name"
                "modalities"

        testCase "without outcomes rows stay so, and are refused where outcomes are needed"
        <| fun () ->
            let known = Toy.cohort { Toy.standard with Rows = 40 }
            let cohort = known.WithoutOutcomes()

            let mask, values =
                cohort.Mask.ToArray(), [ for m in 0..2 -> cohort.Values(m).ToArray() ]

            for name, same in
                [
                    "select", cohort.Select [| 3; 1 |]
                    "mask", cohort.WithMask mask
                    "values", cohort.WithValues values
                    "sites", cohort.WithSites(Array.zeroCreate 40, [| "x" |])
                    "concat", cohort.Concat cohort
                ] do
                Expect.isFalse same.HasOutcomes name

            Expect.isTrue (cohort.WithLabels(known.Labels.ToArray())).HasOutcomes "known again"

            for name, action in
                [
                    "labels", (fun () -> cohort.Labels.Length)
                    "prevalence", (fun () -> int cohort.Prevalence)
                    "split", (fun () -> PatientSplit.Random(cohort, 0.1, 0.1, Toy.seed 1).Train.Count)
                ] do
                Expect.stringContains (InputErrors.message action) "outcomes of these rows are not known" name

            Expect.stringContains
                (InputErrors.message (fun () -> cohort.Concat known))
                "cannot be joined"
                "concat"

            use predictor = CausalDebias.Wrap(Toy.create "logistic")

            let message train validation =
                InputErrors.message (fun () -> predictor.Fit(train, validation, Toy.context 1))

            Expect.stringContains (message cohort known) "outcomes of the training rows are not known" "train"

            Expect.stringContains
                (message known cohort)
                "outcomes of the validation rows are not known"
                "validation"

            let rows = Toy.cohort Toy.standard
            predictor.Fit(rows, rows, Toy.context 1)
            predictor.DeployTo(rows.WithoutOutcomes()) |> ignore

            Expect.isFalse
                (predictor.CheckDrift(rows.WithoutOutcomes())).HasDrifted
                "deployed to and compared"
    ]
