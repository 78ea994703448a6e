namespace CausalDebiasing.Bench.Running

open System
open System.Diagnostics
open CausalDebiasing
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Cohorts
open CausalDebiasing.Metrics
open CausalDebiasing.Predictors
open CausalDebiasing.Training
open CausalDebiasing.Runtime

/// What it takes to compute a cell.
type Laboratory = {
    /// The study of a specification, and the content of the data that it was made of.
    Study: DataSpec -> string * Study
    /// A new predictor for a cell: the baseline, wrapped unless the variant is plain or ceiling (without options). One that is
    /// a program of its own is given the study's inputs at once, without outcomes and sites of tests.
    Predictor: WorkItem -> Study -> IPredictor
    /// Whether a prediction depends on the patients that it is evaluated with.
    SeesBatch: Cell -> bool
    /// AUROC of the Bayes-optimal probabilities on a test set.
    OracleAuroc: DataSpec -> TestSet -> float
    /// Keeps the probabilities for the rows of each test, and says in diagnostics what is kept.
    Keep: WorkItem -> (TestSet * Diagnostic.Explained) list -> (string * string) list
}

/// The study that cells share, as it was when it was made.
type private SharedStudy = {
    Spec: DataSpec
    Content: string
    Study: Study
    Hash: string
}

/// Computes cells; one call at a time.
type RunCell(laboratory: Laboratory) =
    let mutable lastStudy: SharedStudy option = None
    let mutable shared = FitCache()

    let found spec =
        match lastStudy with
        | Some known when known.Spec = spec -> known
        | _ ->
            lastStudy <- None
            shared <- FitCache()
            let content, study = laboratory.Study spec

            let made = {
                Spec = spec
                Content = content
                Study = study
                Hash = CohortHash.ofStudy study
            }

            lastStudy <- Some made
            made

    let study (item: WorkItem) =
        let spec = item.Cell.Data
        let found = found spec

        if found.Content <> CellId.content item.Identity then
            lastStudy <- None

            raise (
                InputException
                    $"the data of '{spec.Dataset}' are not those that the run was planned on: run the same command again to compute all cells on the files as they are now, or put the old files back and run it with --failed."
            )

        found.Study

    /// Whether the cell that was computed last has written into what it may only read. Such data are used no more.
    let isWrittenInto () =
        let isWritten =
            lastStudy
            |> Option.exists (fun known -> CohortHash.ofStudy known.Study <> known.Hash)

        if isWritten then
            lastStudy <- None
            shared <- FitCache()

        isWritten

    static let doRisk (test: TestSet) (probability: float32[]) =
        match test.DoProbability with
        | None -> nan
        | Some truth ->
            Array.map2 (fun predicted true' -> abs (float predicted - true')) probability truth.Value
            |> Array.average

    let measure spec (test: TestSet, probability: float32[]) =
        let metrics = MetricSet.Of(test.Cohort.Labels, probability)

        {
            Condition = test.Condition
            TestRows = test.Cohort.Count
            Auroc = metrics.Auroc
            Auprc = metrics.AveragePrecision
            Brier = metrics.BrierScore
            Ece = metrics.ExpectedCalibrationError
            LogLoss = metrics.LogLoss
            OracleAuroc = laboratory.OracleAuroc spec test
            DoRisk = doRisk test probability
        }

    let rec parameters (predictor: IPredictor) =
        match predictor with
        | :? DebiasedPredictor as debiased -> parameters debiased.Inner
        | :? NeuralComposite as composite -> parameters composite.Network
        | :? NeuralPredictor as network -> [ Diagnostic.parameters, string network.ParameterCount ]
        | _ -> []

    let diagnostics (study: Study) cell (predictor: IPredictor) =
        Map [
            match predictor with
            | :? DebiasedPredictor as debiased ->
                for pair in debiased.Diagnostics do
                    pair.Key, pair.Value
            | _ -> ()

            yield! parameters predictor
            Diagnostic.validationLogLoss, Diagnostic.number (Diagnostic.logLoss predictor study.Validation)

            for test in study.Tests do
                match Diagnostic.caveat test.Cohort with
                | Some caveat -> Diagnostic.caveatName test.Condition, caveat
                | None -> ()

            if laboratory.SeesBatch cell then
                let spread = Diagnostic.orderSpread predictor study.Tests.Head.Cohort
                Diagnostic.orderSpreadName, Diagnostic.number spread
        ]

    let compute (item: WorkItem) =
        let cell = item.Cell
        let study = study item
        use predictor = laboratory.Predictor item study
        let context = CellFit.context cell.Data cell.Variant shared

        let clock, before = Stopwatch.StartNew(), shared.Saved
        predictor.Fit(study.Train, study.Validation, context)
        // What another cell has already computed counts for each.
        let seconds = (clock.Elapsed + shared.Saved - before).TotalSeconds

        let explained =
            study.Tests
            |> List.map (fun test -> test, Diagnostic.predictExplained predictor test.Cohort)

        let reasons = [
            for test, predicted in explained do
                match predicted.Reason with
                | Some reason -> Diagnostic.patternName test.Condition, reason
                | None -> ()
        ]

        {
            CellResult.without cell item.CellId Done "" with
                TrainRows = study.Train.Count
                FitSeconds = seconds
                Measures =
                    explained
                    |> List.map (fun (test, predicted) -> measure cell.Data (test, predicted.Probabilities))
                Diagnostics =
                    (diagnostics study cell predictor, reasons @ laboratory.Keep item explained)
                    ||> List.fold (fun known (name, value) -> Map.add name value known)
        }

    let attempt (item: WorkItem) =
        try
            compute item
        with
        | :? InputException as mistake ->
            CellResult.without item.Cell item.CellId Failed $"Input: {mistake.Message}"
        | defect -> {
            CellResult.without item.Cell item.CellId Failed $"{defect.GetType().Name}: {defect.Message}" with
                Details = Defect.trace defect
          }

    let writing (item: WorkItem) (result: CellResult) = {
        CellResult.without
            item.Cell
            item.CellId
            Failed
            $"'{item.Cell.Baseline}' wrote into the patients' data, which a baseline may only read: let it copy what it changes." with
            Diagnostics = result.Diagnostics
    }

    /// Fits and tests the cell's predictor. Whatever goes wrong becomes a Failed result with one line. The state that
    /// cells share is as it was afterwards; what had changed is a diagnostic.
    member _.Run(item: WorkItem) : CellResult =
        let before = ProcessState.capture ()
        let result = attempt item
        let isWritten = isWrittenInto ()
        let result = if isWritten then writing item result else result

        let changes = [
            yield! ProcessState.changes before (ProcessState.capture ())
            if isWritten then
                "patients' data"
        ]

        match changes with
        | [] -> result
        | changes ->
            ProcessState.restore before

            {
                result with
                    Diagnostics = result.Diagnostics.Add(ProcessState.diagnostic, String.concat ", " changes)
            }
