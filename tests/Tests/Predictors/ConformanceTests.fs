module CausalDebiasing.Tests.Predictors.ConformanceTests

open System
open System.IO
open System.Threading
open Expecto
open CausalDebiasing
open CausalDebiasing.Cohorts
open CausalDebiasing.Metrics
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support

/// Every discovered baseline, plain and wrapped by each preset that a user is likely to pick.
let private methods = [
    for id in Toy.baselineIds do
        yield $"{id} plain", (fun () -> Toy.create id)

        for preset in [ "paper"; "recommended"; "doubly-robust" ] do
            yield
                $"{id} {preset}",
                (fun () -> CausalDebias.Wrap(Toy.create id, DebiasOptions.Presets[preset]) :> IPredictor)
]

let private forAll name check =
    testList name [ for title, create in methods -> testCase title (fun () -> check create) ]

let private fitted (create: unit -> IPredictor) toy seed =
    let train, validation, test = Toy.draws toy
    let predictor = create ()
    predictor.Fit(train, validation, Toy.context seed)
    predictor, test

let private auroc (cohort: Cohort) (probabilities: float32[]) =
    Auroc.Compute(cohort.Labels, ReadOnlySpan probabilities)

let private small = { Toy.standard with Rows = 300 }

let private allKinds = {
    small with
        Modalities = [
            Modality.Tabular("labs", 4)
            Modality.Series("vitals", 6, 3)
            Modality.Codes("diagnoses", 5, 12)
        ]
}

let private hidden (cohort: Cohort) =
    cohort.WithLabels(Array.zeroCreate cohort.Count).WithSites(Array.zeroCreate cohort.Count, [| "unknown" |])

/// The same observed cohort built from other values under the mask.
let private scrambleMasked (cohort: Cohort) =
    let values = [|
        for m in 0 .. cohort.Modalities.Count - 1 ->
            let block = cohort.Values(m).ToArray()
            let size = cohort.Modalities[m].Size

            block
            |> Array.mapi (fun i value ->
                if cohort.IsObserved(i / size, m) then value
                elif cohort.Modalities[m].Kind = ModalityKind.Codes then 1f
                else 1234.5f)
    |]

    cohort.WithValues values

let private isProbability (p: float32) = Single.IsFinite p && p >= 0f && p <= 1f

let private rebuild (test: Cohort) rows = test.Select(Array.ofSeq rows)

let private roundTrip create =
    let predictor, test = fitted create allKinds 3
    use stream = new MemoryStream()
    predictor.Save stream
    stream.Position <- 0L
    let restored: IPredictor = create ()
    restored.Load stream

    Expect.equal
        (restored.PredictProbability test)
        (predictor.PredictProbability test)
        "bit-equal after a round trip"

let private deterministic create =
    let first, test = fitted create small 5
    let second, _ = fitted create small 5
    let third, _ = fitted create small 6
    let probabilities = first.PredictProbability test
    Expect.equal (second.PredictProbability test) probabilities "equal seeds give equal bits"

    if first.Name <> "logistic" && first.Name <> "lightgbm" then
        Expect.notEqual (third.PredictProbability test) probabilities "another seed gives another model"

let private noLeak create =
    let predictor, test = fitted create allKinds 7
    let expected = predictor.PredictProbability test
    Expect.equal (predictor.PredictProbability(scrambleMasked test)) expected "values under the mask"
    Expect.equal (predictor.PredictProbability(hidden test)) expected "labels and sites of test patients"
    let train, validation, _ = Toy.draws allKinds
    let again: IPredictor = create ()
    again.Fit(scrambleMasked train, scrambleMasked validation, Toy.context 7)
    Expect.equal (again.PredictProbability test) expected "values under the mask of training patients"

let private everyPattern create =
    let predictor, test = fitted create allKinds 9
    let count = test.Modalities.Count

    for pattern in 1 .. (1 <<< count) - 1 do
        let rows = [
            for row in 0 .. test.Count - 1 do
                if test.Pattern row &&& pattern = pattern then
                    row
        ]

        if not rows.IsEmpty then
            let part = rebuild test rows

            let mask =
                Array.init (rows.Length * count) (fun i -> pattern >>> (i % count) &&& 1 = 1)

            for p in predictor.PredictProbability(part.WithMask mask) do
                Expect.isTrue (isProbability p) $"pattern {MissingnessPattern.Format(pattern, count)}"

let private onePatient create =
    let predictor, test = fitted create small 11
    let together = predictor.PredictProbability(rebuild test [ 0..9 ])

    for row in 0..9 do
        let alone = predictor.PredictProbability(rebuild test [ row ])
        Expect.floatClose Accuracy.medium (float alone[0]) (float together[row]) "alone or in a batch"

let private learns create =
    let predictor, test = fitted create Toy.standard 13
    Expect.isGreaterThan (auroc test (predictor.PredictProbability test)) 0.9 "AUROC on a separable toy"

let private modalityCounts create =
    for count in [ 1; 12 ] do
        let predictor, test =
            fitted
                create
                {
                    small with
                        Modalities = Toy.tabular count
                }
                15

        Expect.all (predictor.PredictProbability test) isProbability $"{count} modalities"

let private constantFeatures create =
    let flat (cohort: Cohort) =
        cohort.WithValues [|
            for m in 0 .. cohort.Modalities.Count - 1 ->
                if m = 0 then
                    Array.create (cohort.Values(m).Length) 3f
                else
                    cohort.Values(m).ToArray()
        |]

    let train, validation, test = Toy.draws small
    let predictor: IPredictor = create ()
    predictor.Fit(flat train, flat validation, Toy.context 17)
    Expect.all (predictor.PredictProbability(flat test)) isProbability "constant features"

let private cancels create =
    use source = new CancellationTokenSource()
    source.Cancel()
    let train, validation, _ = Toy.draws small
    let predictor: IPredictor = create ()

    Expect.throwsT<OperationCanceledException>
        (fun () -> predictor.Fit(train, validation, FitContext(Seed = Seed 1UL, Cancellation = source.Token)))
        "cancelled before it starts"

let private oneClass create =
    let train, validation, _ = Toy.draws small
    let predictor: IPredictor = create ()

    Expect.throwsT<InputException>
        (fun () -> predictor.Fit(train.WithLabels(Array.zeroCreate train.Count), validation, Toy.context 1))
        "one-class outcomes"

let private neverObserved create =
    let hide (cohort: Cohort) =
        let rows =
            [ 0 .. cohort.Count - 1 ] |> List.filter (fun row -> cohort.Pattern row <> 1)

        let part = rebuild cohort rows
        part.WithMask(Array.init part.Mask.Length (fun i -> part.Mask[i] && i % part.Modalities.Count <> 0))

    let train, validation, _ = Toy.draws small
    let predictor: IPredictor = create ()

    let message =
        try
            predictor.Fit(hide train, hide validation, Toy.context 1)
            ""
        with :? InputException as mistake ->
            mistake.Message

    Expect.stringContains message "'m0' is never observed" "names the modality"

[<Tests>]
let tests =
    testSequenced
    <| testList "conformance" [
        forAll "learns a separable toy" learns
        forAll "repeats bit for bit" deterministic
        forAll "leaks nothing" noLeak
        forAll "predicts under every pattern" everyPattern
        forAll "predicts one patient" onePatient
        forAll "takes 1 and 12 modalities" modalityCounts
        forAll "survives constant features" constantFeatures
        forAll "saves and loads" roundTrip
        forAll "honours cancellation" cancels
        forAll "refuses one class" oneClass
        forAll "refuses a modality never observed" neverObserved
    ]
