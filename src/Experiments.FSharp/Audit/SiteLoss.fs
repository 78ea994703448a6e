namespace CausalDebiasing.Bench.Audit

open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Measures
open CausalDebiasing.Cohorts
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime

/// What a change of a score from the sites that are trained on to the one that is not consists of; the three parts add up.
type LossSplit = {
    /// At patients of the training sites that were not trained on.
    AtHome: Estimate
    There: Estimate
    /// There minus at home.
    Change: Estimate
    /// As x moves, P(x).
    CaseMix: Estimate
    /// As who is measured given x moves, P(r | x).
    Measuring: Estimate
    /// As the outcome, and the values that are not x, given x and what is measured move, P(y | x, r).
    Outcome: Estimate
}

/// How much a plain model loses at a site that was left out of training.
type SiteLoss = {
    Site: string
    Rows: int
    /// How much both have in common of x, and of x and what is measured, in [0, 1].
    SharedMix: float
    SharedMeasuring: float
    /// Of AUROC; negative is worse.
    Auroc: LossSplit
    /// Of log loss; positive is worse.
    LogLoss: LossSplit
    /// Whether too little is shared for the parts to mean much.
    IsThin: bool
}

/// DISDE (arXiv 2303.02011) with a step in which only P(r | x) moves.
module SiteLoss =
    /// Of SharedMeasuring.
    let private leastShared = 0.2

    let private replicates = 300
    let private folds = 5

    /// x is at most so many directions beside severity.
    let private mostDirections = 10

    /// So many of them, the severity first, may decide otherwise about what is measured.
    let private interacting = 5

    /// The six scores on the way from p to q, all weights times the rows' counts.
    let private points score (weights: StepWeights) (isTarget: bool[]) (counts: float[]) =
        let of' target (weights: float[] option) =
            Array.init counts.Length (fun row ->
                if isTarget[row] <> target then
                    0.
                else
                    match weights with
                    | Some weights -> counts[row] * weights[row]
                    | None -> counts[row])
            |> score

        [|
            of' false None
            of' false (Some weights.SourceMix)
            of' false (Some weights.SourceShared)
            of' true (Some weights.TargetShared)
            of' true (Some weights.TargetMix)
            of' true None
        |]

    /// At home, there, change, case mix, measuring, outcome.
    let private parts (at: float[]) = [|
        at[0]
        at[5]
        at[5] - at[0]
        at[1] - at[0] + (at[5] - at[4])
        at[2] - at[1] + (at[4] - at[3])
        at[3] - at[2]
    |]

    /// The same with exact weights, of rows without number.
    let exact score weights isTarget =
        points score weights isTarget (Array.create (Array.length isTarget) 1.) |> parts

    let private estimates count (value: float[]) (replicated: float[][]) =
        let estimate i =
            replicated
            |> Array.map (fun parts -> parts[i])
            |> WeightedScore.estimate count value[i]

        {
            AtHome = estimate 0
            There = estimate 1
            Change = estimate 2
            CaseMix = estimate 3
            Measuring = estimate 4
            Outcome = estimate 5
        }

    /// The parts with their intervals, of every score; `draws`: a bootstrap within p and within q.
    let split (support: SharedSupport) (ranked: Ranked) (draws: float[][]) scores =
        let isTarget = support.IsTarget
        let weights = SharedSupport.weightsOf support

        let replicated =
            draws
            |> Array.map (fun counts ->
                let weights = SharedSupport.replicate support counts

                scores
                |> List.map (fun score -> points (score ranked) weights isTarget counts |> parts))

        scores
        |> List.mapi (fun i score ->
            replicated
            |> Array.map (List.item i)
            |> estimates isTarget.Length (exact (score ranked) weights isTarget))

    /// x as few directions: first the severity, as a regression on the rows of p has it, then the columns themselves where
    /// they are few, else leading components.
    let private directions (columns: float[][]) (isTarget: bool[]) (outcome: float[]) =
        if columns.Length = 0 then
            [||]
        else
            let whole = Design.ofBlocks outcome.Length [ Design.shrunk, columns ]

            let home =
                [| 0 .. outcome.Length - 1 |] |> Array.filter (fun row -> not isTarget[row])

            let severity =
                Design.fit (Design.select home whole) (home |> Array.map (fun row -> outcome[row]))

            Array.append
                [| Design.times severity.Coefficients whole |> RecordedValues.standardise |]
                (if columns.Length <= mostDirections then
                     columns
                 else
                     RecordedValues.components mostDirections columns)

    let private squares (columns: float[][]) =
        columns
        |> Array.filter (fun column -> (Array.distinct column).Length > 2)
        |> Array.map (Array.map (fun value -> value * value) >> RecordedValues.standardise)

    /// What tells the rows of both domains apart.
    let support (values: RecordedValues) (rows: int[]) (isTarget: bool[]) =
        let cohort = values.Cohort
        let outcome = rows |> Array.map (fun row -> float cohort.Labels[row])

        let x =
            directions (RecordedValues.alwaysColumns values |> RecordedValues.select rows) isTarget outcome

        let masks =
            RecordedValues.varying cohort
            |> Array.filter (fun (m, _) -> not (values.IsAlwaysSeen && List.contains m values.Always))
            |> Array.map snd
            |> RecordedValues.select rows

        let products = [|
            for mask in masks do
                for column in Array.truncate interacting x -> Array.map2 (*) mask column
        |]

        let mix = [ Design.shrunk, x; Design.shrunk, squares x ]
        let measured = [ Design.shrunk, masks; Design.shrunk, products ]

        SharedSupport.fit
            isTarget
            (Design.ofBlocks rows.Length mix)
            (Design.ofBlocks rows.Length (measured @ mix))

    /// A bootstrap of patients within p and within q.
    let draws (seed: Seed) (patients: int64[]) (isTarget: bool[]) =
        let within target =
            [| 0 .. isTarget.Length - 1 |]
            |> Array.filter (fun row -> isTarget[row] = target)

        let sample (name: string) rows =
            PatientBootstrap.ofRows
                replicates
                (seed.Derive name)
                (rows |> Array.map (fun row -> patients[row]))

        let home, there = within false, within true

        Array.map2
            (fun (ofHome: float[]) (ofThere: float[]) ->
                let counts = Array.zeroCreate isTarget.Length
                home |> Array.iteri (fun i row -> counts[row] <- ofHome[i])
                there |> Array.iteri (fun i row -> counts[row] <- ofThere[i])
                counts)
            (sample "home" home)
            (sample "there" there)

    /// The plain model fitted on some rows.
    let private plainModel (cohort: Cohort) (rows: int[]) : Cohort -> float32[] =
        let train = cohort.Select rows
        let numbered = TrainingVocabulary.fit train
        let model = QuickBaselines.create QuickBaselines.logistic
        let known = numbered train
        model.Fit(known, known, FitContext())
        numbered >> model.PredictProbability

    /// One model for every fold of the rows at home, with which rows it was not fitted on.
    let private foldModels (cohort: Cohort) (seed: Seed) (home: int[]) =
        let fold = PatientFolds.Assign(cohort.Select home, folds, seed.Derive "site loss")

        List.init folds (fun number ->
            let tested, others =
                [| 0 .. home.Length - 1 |] |> Array.partition (fun i -> fold[i] = number)

            tested, plainModel cohort (others |> Array.map (fun i -> home[i])))

    let private mean (predictions: float32[] list) =
        predictions
        |> List.reduce (Array.map2 (+))
        |> Array.map (fun sum -> sum / float32 predictions.Length)

    /// Predictions for other rows: the mean over the folds' models.
    let ensemble cohort seed home (others: Cohort) =
        foldModels cohort seed home
        |> List.map (fun (_, predict) -> predict others)
        |> mean

    /// Out-of-fold predictions at home, and there the mean over the folds' models.
    let private predictions (cohort: Cohort) seed (home: int[]) (there: int[]) =
        let models = foldModels cohort seed home
        let atHome = Array.zeroCreate<float32> home.Length

        for tested, predict in models do
            predict (cohort.Select(tested |> Array.map (fun i -> home[i])))
            |> Array.iteri (fun k p -> atHome[tested[k]] <- p)

        models
        |> List.map (fun (_, predict) -> predict (cohort.Select there))
        |> mean
        |> Array.append atHome

    /// At one site; `home` and `there` are rows.
    let ofRows (values: RecordedValues) (seed: Seed) site (home: int[]) (there: int[]) =
        let cohort = values.Cohort
        let rows = Array.append home there
        let isTarget = Array.init rows.Length (fun i -> i >= home.Length)
        let isEvent = rows |> Array.map (fun row -> cohort.Labels[row] > 0f)
        let ranked = predictions cohort seed home there |> Ranked.ofProbabilities isEvent
        let support = support values rows isTarget

        let draws =
            draws (seed.Derive site) (rows |> Array.map (fun row -> cohort.Patients[row])) isTarget

        let sharedMix, sharedMeasuring = SharedSupport.shares support

        let auroc, logLoss =
            match split support ranked draws [ WeightedScore.auroc; WeightedScore.logLoss ] with
            | [ auroc; logLoss ] -> auroc, logLoss
            | _ -> invalidOp "There are two scores."

        {
            Site = site
            Rows = there.Length
            SharedMix = sharedMix
            SharedMeasuring = sharedMeasuring
            Auroc = auroc
            LogLoss = logLoss
            IsThin = sharedMeasuring < leastShared
        }

    /// At every site that can be left out; `tick` is told how many are done.
    let find (data: AuditData) values seed (tick: int -> int -> unit) =
        data.Sites
        |> List.mapi (fun i site ->
            tick i data.Sites.Length
            let there = AuditData.rowsOf data.Cohort site
            ofRows values seed site (AuditData.rowsElsewhere data.Cohort there) there)
