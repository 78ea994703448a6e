namespace CausalDebiasing.Bench.Sweeping

open System
open System.Diagnostics
open CausalDebiasing
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Cohorts
open CausalDebiasing.Metrics
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime

/// What it takes to compute a cell.
type Laboratory = {
    Study: DataSpec -> Study
    /// A new predictor for a cell: the baseline, wrapped unless the variant is plain or ceiling (without options).
    Predictor: Cell -> IPredictor
    /// Whether a prediction depends on the patients that it is evaluated with.
    SeesBatch: Cell -> bool
    /// AUROC of the Bayes-optimal probabilities on a test set.
    OracleAuroc: DataSpec -> TestSet -> float
}

/// Computes cells; one call at a time.
type RunCell(laboratory: Laboratory) =
    let mutable lastStudy: (DataSpec * Study) option = None

    let study spec =
        match lastStudy with
        | Some(known, study) when known = spec -> study
        | _ ->
            lastStudy <- None
            let study = laboratory.Study spec
            lastStudy <- Some(spec, study)
            study

    static let doRisk (test: TestSet) (probability: float32[]) =
        match test.DoProbability with
        | None -> nan
        | Some truth ->
            Array.map2 (fun predicted true' -> abs (float predicted - true')) probability truth.Value
            |> Array.average

    let measure spec (predictor: IPredictor) (test: TestSet) =
        let probability = Diagnostic.predictBlind predictor test.Cohort
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

    let inputScale (cell: Cell) =
        if cell.Variant = Catalog.plainStandardised then
            InputScale.Standardised
        else
            InputScale.PowerTransformed

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

            if laboratory.SeesBatch cell then
                let spread = Diagnostic.orderSpread predictor study.Tests.Head.Cohort
                Diagnostic.orderSpreadName, Diagnostic.number spread
        ]

    let compute (item: WorkItem) =
        let cell = item.Cell
        let study = study cell.Data
        use predictor = laboratory.Predictor cell
        // Every method of a data condition gets the same seed, so that comparisons are paired.
        let context =
            FitContext(Seed = Seed(uint64 cell.Data.Seed).Derive "fit", InputScale = inputScale cell)

        let clock = Stopwatch.StartNew()
        predictor.Fit(study.Train, study.Validation, context)
        let seconds = clock.Elapsed.TotalSeconds

        {
            CellResult.without cell item.CellId Done "" with
                TrainRows = study.Train.Count
                FitSeconds = seconds
                Measures = study.Tests |> List.map (measure cell.Data predictor)
                Diagnostics = diagnostics study cell predictor
        }

    /// Fits and tests the cell's predictor. Whatever goes wrong becomes a Failed result with one line.
    member _.Run(item: WorkItem) : CellResult =
        try
            compute item
        with
        | :? InputException as mistake ->
            CellResult.without item.Cell item.CellId Failed $"Input: {mistake.Message}"
        | defect ->
            CellResult.without item.Cell item.CellId Failed $"{defect.GetType().Name}: {defect.Message}"
