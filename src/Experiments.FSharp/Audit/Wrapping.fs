namespace CausalDebiasing.Bench.Audit

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Metrics
open CausalDebiasing.Predictors

/// What a baseline and a variant of it reached on one test.
type private Trial = {
    Replicate: string
    Baseline: string
    Variant: Variant
    Auroc: float
    LogLoss: float
}

/// A variant against plain, paired by replicate; mean over baselines, or one of them.
type Gain = {
    Variant: Variant
    /// "all": the mean.
    Baseline: string
    Plain: float
    Wrapped: float
    Auroc: Estimate
    /// Negative is better.
    LogLoss: Estimate
}

/// What wrapping gains or costs.
type Wrapping = {
    /// Whether the replicates are sites left out in turn; else they are folds.
    IsBySite: bool
    Replicates: int
    Gains: Gain list
    /// Recommended minus plain, AUROC, mean over baselines, by replicate.
    ByReplicate: (string * float) list
}

module Wrapping =
    let recommended = Variant.recommended
    let interventional = Variant.preset "recommended-interventional"
    let private folds = 5

    let private spec (data: AuditData) =
        DataSpec.asItIs data.Loaded.Card.Dataset

    /// Every replicate's name with how to get its study.
    let private replicates (data: AuditData) seed =
        if data.Sites.Length >= 2 then
            data.Sites
            |> List.map (fun site ->
                site, fun () -> DatasetStudy.study data.Loaded (SiteLeftOut site) (spec data seed))
        else
            [
                for fold in 1..folds ->
                    $"fold {fold}", fun () -> DatasetStudy.study data.Loaded (Folds folds) (spec data fold)
            ]

    let private test (study: Study) =
        study.Tests
        |> List.tryFind (fun test -> test.Condition.StartsWith "site:")
        |> Option.defaultValue study.Tests.Head

    let private trial data seed replicate (study: Study) shared baseline variant =
        use predictor = QuickBaselines.create baseline |> CellFit.around variant
        let context = CellFit.context (spec data seed) variant shared
        predictor.Fit(study.Train, study.Validation, context)
        let tested = (test study).Cohort
        let found = MetricSet.Of(tested.Labels, Diagnostic.predictBlind predictor tested)

        {
            Replicate = replicate
            Baseline = baseline
            Variant = variant
            Auroc = found.Auroc
            LogLoss = found.LogLoss
        }

    let private gain ratio variant (trials: Trial list) name =
        let ofVariant wanted =
            trials
            |> List.filter (fun trial -> trial.Variant = wanted)
            |> List.groupBy _.Replicate

        let pairs = List.zip (ofVariant variant) (ofVariant Variant.plain)

        let difference pick =
            pairs
            |> List.map (fun ((_, wrapped), (_, plain)) ->
                List.averageBy pick wrapped - List.averageBy pick plain)

        let mean wanted =
            trials
            |> List.filter (fun trial -> trial.Variant = wanted)
            |> List.averageBy (fun (trial: Trial) -> trial.Auroc)

        {
            Variant = variant
            Baseline = name
            Plain = mean Variant.plain
            Wrapped = mean variant
            Auroc = Statistics.resampledEstimate ratio (difference (fun (trial: Trial) -> trial.Auroc))
            LogLoss = Statistics.resampledEstimate ratio (difference (fun (trial: Trial) -> trial.LogLoss))
        }

    let private byReplicate (trials: Trial list) = [
        for replicate, own in trials |> List.groupBy _.Replicate do
            let mean variant =
                own
                |> List.filter (fun trial -> trial.Variant = variant)
                |> List.averageBy (fun (trial: Trial) -> trial.Auroc)

            replicate, mean recommended - mean Variant.plain
    ]

    /// Fits every baseline plain and wrapped in every replicate; `tick` is told how many fits are done.
    let find (data: AuditData) seed (tick: int -> int -> unit) =
        let variants = [ Variant.plain; recommended; interventional ]
        let replicates = replicates data seed
        let fits = List.allPairs QuickBaselines.all variants
        let total = replicates.Length * fits.Length

        let trials, ratios =
            [
                for i, (name, study) in List.indexed replicates do
                    let study: Study = study ()
                    let shared = FitCache()
                    let ratio = float (test study).Cohort.Count / float study.Train.Count

                    for j, (baseline, variant) in List.indexed fits do
                        tick (i * fits.Length + j) total
                        trial data seed name study shared baseline variant, ratio
            ]
            |> List.unzip

        let isBySite = data.Sites.Length >= 2
        // Training sets of folds overlap; sites are what varies where they are left out.
        let ratio = if isBySite then 0. else List.average ratios

        {
            IsBySite = isBySite
            Replicates = replicates.Length
            Gains = [
                for variant in [ recommended; interventional ] do
                    gain ratio variant trials "all"

                    for baseline in QuickBaselines.all do
                        let own = trials |> List.filter (fun trial -> trial.Baseline = baseline)
                        gain ratio variant own baseline
            ]
            ByReplicate = byReplicate trials
        }

    /// That of a variant, mean over baselines.
    let overall (variant: Variant) wrapping =
        wrapping.Gains
        |> List.find (fun gain -> gain.Variant = variant && gain.Baseline = "all")
