module CausalDebiasing.Tests.Predictors.ConformanceTests

open System
open System.IO
open System.Threading
open Expecto
open TorchSharp
open CausalDebiasing
open CausalDebiasing.Cohorts
open CausalDebiasing.Metrics
open CausalDebiasing.Catalogue
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support
open CausalDebiasing.Training

type private Method = {
    Title: string
    IsGraph: bool
    IsRandom: bool
    HasEpochs: bool
    Create: unit -> IPredictor
}

/// Every discovered baseline, plain and wrapped by the paper's reconstruction and by the recommended preset.
let private methods = [
    for baseline in Toy.catalog do
        let info = baseline.Info
        use plain = baseline.Create()

        let method title create = {
            Title = $"{info.Id} {title}"
            IsGraph = (info.Family = BaselineFamily.Graph)
            IsRandom = (info.Family <> BaselineFamily.Classical)
            HasEpochs = (plain :? NeuralPredictor || plain :? NeuralComposite)
            Create = create
        }

        yield method "plain" (fun () -> baseline.Create())

        for preset in [ "paper"; "recommended" ] do
            if not (preset = "paper" && plain.ReadsPattern) then
                yield
                    method preset (fun () ->
                        CausalDebias.Wrap(baseline.Create(), DebiasOptions.Presets[preset]))
]

let private small = {
    Toy.standard with
        Rows = 240
        Modalities = [
            Modality.Tabular("labs", 4)
            Modality.Series("vitals", 6, 3)
            Modality.Codes("diagnoses", 5, 12)
        ]
}

let private train, private validation, private test = Toy.draws small

let private caches = Collections.Generic.Dictionary<Cohort * int, FitCache>()

/// What the add-on looks for in the rows is the same for all methods.
let private shared train seed =
    match caches.TryGetValue((train, seed)) with
    | true, known -> known
    | _ ->
        caches[(train, seed)] <- FitCache()
        caches[(train, seed)]

let private fit (method: Method) (train: Cohort) (validation: Cohort) seed =
    let predictor = method.Create()

    predictor.Fit(
        train,
        validation,
        // A few epochs show all that is checked here, except that a method learns.
        FitContext(Seed = Toy.seed seed, MostEpochs = 3, Shared = shared train seed)
    )

    predictor

let private auroc (cohort: Cohort) (probabilities: float32[]) =
    Auroc.Compute(cohort.Labels, ReadOnlySpan probabilities)

let private mistake (action: unit -> unit) =
    try
        action ()
        ""
    with :? InputException as mistake ->
        mistake.Message

/// The same observed cohort built from other values under the mask.
let private scrambleMasked (cohort: Cohort) =
    cohort.WithValues [|
        for m in 0 .. cohort.Modalities.Count - 1 ->
            let size = cohort.Modalities[m].Size

            let other =
                if cohort.Modalities[m].Kind = ModalityKind.Codes then
                    1f
                else
                    1234.5f

            cohort.Values(m).ToArray()
            |> Array.mapi (fun i value -> if cohort.IsObserved(i / size, m) then value else other)
    |]

let private scrambled = lazy (scrambleMasked train, scrambleMasked validation)

let private isProbability (p: float32) = Single.IsFinite p && p >= 0f && p <= 1f

let private rowsWhere (cohort: Cohort) keep =
    cohort.Select(Array.filter keep [| 0 .. cohort.Count - 1 |])

let private separable = lazy (Toy.draws Toy.standard)

let private learns method =
    let train, validation, test = separable.Value
    let predictor = method.Create()
    predictor.Fit(train, validation, FitContext(Seed = Toy.seed 7, Shared = shared train 7))
    Expect.isGreaterThan (auroc test (predictor.PredictProbability test)) 0.9 "AUROC on a separable toy"

let private repeats (method: Method) (fitted: IPredictor) =
    let probabilities = fitted.PredictProbability test

    Expect.equal
        ((fit method train validation 7).PredictProbability test)
        probabilities
        "equal seeds, equal bits"

    if method.IsRandom then
        let other = (fit method train validation 8).PredictProbability test
        Expect.notEqual other probabilities "another seed, another model"

let private leaksNothing method (fitted: IPredictor) =
    let expected = fitted.PredictProbability test
    let labels = Array.map (fun y -> 1f - y) (test.Labels.ToArray())
    Expect.equal (fitted.PredictProbability(scrambleMasked test)) expected "values under the mask"
    Expect.equal (fitted.PredictProbability(test.WithLabels labels)) expected "outcomes of test patients"
    Expect.equal (fitted.PredictProbability(test.WithoutOutcomes())) expected "or none"

    Expect.equal
        (fitted.PredictProbability(test.WithSites(Array.zeroCreate test.Count, [| "unknown" |])))
        expected
        "sites of test patients"

    let train, validation = scrambled.Value
    let again = fit method train validation 7
    Expect.equal (again.PredictProbability test) expected "values under the mask of training patients"

let private predictsEveryPattern (fitted: IPredictor) =
    let count = test.Modalities.Count

    for pattern in 1 .. (1 <<< count) - 1 do
        let part = rowsWhere test (fun row -> test.Pattern row &&& pattern = pattern)

        let mask =
            Array.init (part.Count * count) (fun i -> pattern >>> (i % count) &&& 1 = 1)

        Expect.all
            (fitted.PredictProbability(part.WithMask mask))
            isProbability
            (MissingnessPattern.Format(pattern, count))

let private predictsOnePatient (method: Method) (fitted: IPredictor) =
    let together = fitted.PredictProbability(test.Select [| 0..9 |])

    for row in 0..9 do
        let alone = fitted.PredictProbability(test.Select [| row |])
        Expect.all alone isProbability "a probability"

        if not method.IsGraph then
            Expect.floatClose Accuracy.medium (float alone[0]) (float together[row]) "alone or in a batch"

let private restored (method: Method) (fitted: IPredictor) =
    use stream = new MemoryStream()
    fitted.Save stream
    stream.Position <- 0L
    let restored = method.Create()
    restored.Load stream
    restored

let private savesAndLoads method (fitted: IPredictor) =
    Expect.equal
        ((restored method fitted).PredictProbability test)
        (fitted.PredictProbability test)
        "bit-equal after a round trip"

let private reversed (cohort: Cohort) =
    let count = cohort.Modalities.Count

    Cohort(
        Array.rev (Seq.toArray cohort.Modalities),
        [| for m in count - 1 .. -1 .. 0 -> cohort.Values(m).ToArray() |],
        cohort.Mask.ToArray() |> Array.chunkBySize count |> Array.collect Array.rev,
        cohort.Labels.ToArray(),
        cohort.Sites.ToArray(),
        cohort.SiteNames,
        cohort.Patients.ToArray()
    )

let private refusesOtherModalities method (fitted: IPredictor) =
    let wider =
        test.WithModality(Modality.Tabular("more", 1), Array.zeroCreate test.Count)

    for predictor in [ fitted; restored method fitted ] do
        for other, expected in [ wider, "more"; reversed test, "labs" ] do
            Expect.stringContains
                (mistake (fun () -> predictor.PredictProbability other |> ignore))
                $"Modality '{expected}' differs"
                "names the modality"

let private ofModalities =
    Map [
        for count in [ 1; 12 ] ->
            count,
            lazy
                (Toy.draws {
                    small with
                        Modalities = Toy.tabular count
                })
    ]

let private takesModalities count method =
    let train, validation, test = ofModalities[count].Value
    let predictor = fit method train validation 7

    Expect.all (predictor.PredictProbability test) isProbability $"{count} modalities"

let private constants = [
    for title, first in [ "one modality is constant", Int32.MaxValue; "everything is constant", 0 ] do
        let flat (cohort: Cohort) =
            cohort.WithValues [|
                for m in 0 .. cohort.Modalities.Count - 1 ->
                    let values = cohort.Values(m).ToArray()

                    if m = 0 || m >= first then
                        Array.create values.Length 3f
                    else
                        values
            |]

        title, lazy (flat train, flat validation, flat test)
]

let private survivesConstants method =
    for title, cohorts in constants do
        let train, validation, test = cohorts.Value
        let predictor = fit method train validation 7
        Expect.all (predictor.PredictProbability test) isProbability title

let private honoursCancellation (method: Method) =
    let fitUntil (cancel: CancellationTokenSource -> Action<EpochReport>) =
        use source = new CancellationTokenSource()
        let progress = cancel source

        method
            .Create()
            .Fit(
                train,
                validation,
                FitContext(
                    Seed = Toy.seed 0,
                    Cancellation = source.Token,
                    Progress = progress,
                    MostEpochs = 3
                )
            )

    Expect.throwsT<OperationCanceledException>
        (fun () ->
            fitUntil (fun source ->
                source.Cancel()
                Action<_> ignore))
        "cancelled before it starts"

    if method.HasEpochs then
        Expect.throwsT<OperationCanceledException>
            (fun () -> fitUntil (fun source -> Action<_>(fun _ -> source.Cancel())))
            "cancelled after an epoch"

/// What was fitted before stays whole until another fit is done.
let private keepsEarlierFit (method: Method) =
    use predictor = method.Create()

    let fit scale cancellation progress =
        predictor.Fit(
            train,
            validation,
            FitContext(
                Seed = Toy.seed 1,
                MostEpochs = 2,
                Shared = shared train 1,
                InputScale = scale,
                Cancellation = cancellation,
                Progress = progress
            )
        )

    fit InputScale.PowerTransformed CancellationToken.None (Action<EpochReport> ignore)
    let before = predictor.PredictProbability test
    use source = new CancellationTokenSource()

    try
        fit InputScale.Standardised source.Token (Action<EpochReport>(fun _ -> source.Cancel()))
    with :? OperationCanceledException ->
        Expect.equal (predictor.PredictProbability test) before "as fitted before"

let private keepsToTimeBudget (method: Method) =
    let mutable epochs = 0
    use predictor = method.Create()

    let context =
        FitContext(
            Seed = Toy.seed 7,
            TimeBudget = TimeSpan.Zero,
            Progress =
                fun report ->
                    Expect.equal report.Epoch (epochs + 1) "one training"
                    epochs <- report.Epoch
        )

    predictor.Fit(train, validation, context)
    Expect.equal epochs 1 "the first epoch uses all the time there is"
    Expect.all (predictor.PredictProbability test) isProbability "what was learned so far predicts"

let private keepsNoTensors (method: Method) =
    let alive = Collections.Generic.List<int64>()
    use predictor = method.Create()

    let context =
        FitContext(
            Seed = Toy.seed 7,
            Shared = shared train 7,
            MostEpochs = 4,
            Progress = fun _ -> alive.Add DisposeScopeManager.Statistics.ThreadTotalLiveCount
        )

    predictor.Fit(train, validation, context)
    Expect.all alive (fun count -> count <= alive[0]) $"live tensors after every epoch: %A{List.ofSeq alive}"

let private refusesOneClass method =
    let healthy = train.WithLabels(Array.zeroCreate train.Count)
    let message = mistake (fun () -> fit method healthy validation 1 |> ignore)
    Expect.stringContains message "All 240 training outcomes are 0" "names the column's fault"

let private refusesUnobserved method =
    let hide (cohort: Cohort) =
        let part = rowsWhere cohort (fun row -> cohort.Pattern row <> 1)
        part.WithMask(Array.init part.Mask.Length (fun i -> part.Mask[i] && i % part.Modalities.Count <> 0))

    let message =
        mistake (fun () -> fit method (hide train) (hide validation) 1 |> ignore)

    Expect.stringContains message "'labs' is never observed" "names the modality"

let private refusesBeforeFit (method: Method) =
    use predictor = method.Create()

    for action in
        [
            fun () -> predictor.PredictProbability test |> ignore
            fun () -> predictor.Save(new MemoryStream())
        ] do
        Expect.throwsC action (fun error ->
            Expect.isTrue (error :? InvalidOperationException) "a mistake of the caller"
            Expect.stringContains error.Message $"'{predictor.Name}' has not been fitted" "which")

[<Tests>]
let tests =
    Trained.tests "conformance" [
        for method in methods do
            let fitted = lazy (fit method train validation 7)

            testList method.Title [
                testCase "refuses before a fit" (fun () -> refusesBeforeFit method)
                testCase "learns a separable toy" (fun () -> learns method)
                testCase "repeats bit for bit" (fun () -> repeats method fitted.Value)
                testCase "leaks nothing" (fun () -> leaksNothing method fitted.Value)
                testCase "predicts under every pattern" (fun () -> predictsEveryPattern fitted.Value)
                testCase "predicts one patient" (fun () -> predictsOnePatient method fitted.Value)
                testCase "saves and loads" (fun () -> savesAndLoads method fitted.Value)
                testCase "refuses other modalities" (fun () -> refusesOtherModalities method fitted.Value)
                testCase "takes 1 modality" (fun () -> takesModalities 1 method)
                testCase "takes 12 modalities" (fun () -> takesModalities 12 method)
                testCase "survives constant features" (fun () -> survivesConstants method)
                testCase "honours cancellation" (fun () -> honoursCancellation method)
                testCase "keeps its earlier fit when another is cancelled" (fun () -> keepsEarlierFit method)
                testCase "keeps to a time budget" (fun () -> keepsToTimeBudget method)
                testCase "keeps no tensors" (fun () -> keepsNoTensors method)
                testCase "refuses one class" (fun () -> refusesOneClass method)
                testCase "refuses a modality never observed" (fun () -> refusesUnobserved method)
            ]
    ]
