namespace CausalDebiasing.Bench.Evidence

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Worlds

/// What the replicates of a comparison on recorded data are, and so what an interval over them covers.
type Replication =
    /// Test sets of random splits by patient.
    | RandomSplits
    /// Test sets of cross-validation with that many folds.
    | CrossValidation of folds: int
    /// Sites, by name, that were left out in turn.
    | SitesInTurn of string list
    /// One test set for all seeds, which change the training only: no interval over patients can be had.
    | OneTestSet

/// AUROC of one baseline, plain and recommended, over the replicates that have both.
type ClinicalRow = {
    Baseline: string
    Plain: float
    Recommended: float
    /// Recommended minus plain, paired by replicate.
    Difference: Estimate
    /// Adjusted over the baselines of the comparison.
    PHolm: float
}

/// All baselines, plain and recommended, on one data set under one test condition.
type ClinicalComparison = {
    /// Without the site that was left out.
    Data: DataSpec
    /// "id", "later" or "site left out".
    Condition: string
    Replication: Replication
    /// Best plain AUROC first.
    Rows: ClinicalRow list
    /// Means over the baselines that have all replicates, within each replicate; the interval is over replicates.
    Overall: ClinicalRow
    /// Number of baselines in `Overall`.
    Baselines: int
    /// Recommended minus plain by left-out site, mean over the baselines in `Overall`.
    BySite: (string * float) list
}

module ClinicalComparison =
    let private auroc (measure: Measure) = measure.Auroc

    /// Data and condition as they are compared; none where a run leaves a site out and this test is not on it.
    let comparison (seen: Observation) =
        let setting = seen.Setting

        match DatasetName.parse setting.Data.Dataset, setting.Condition with
        | (basis, SiteLeftOut site), condition ->
            if condition = $"site:{site}" then
                Some({ setting.Data with Dataset = basis }, "site left out")
            else
                None
        | _, condition -> Some(setting.Data, condition)

    let private replication (data: DataSpec) condition (observations: Observation list) =
        match DatasetName.parse data.Dataset, condition with
        | (_, Folds folds), _ -> CrossValidation folds
        | _, "site left out" ->
            observations
            |> List.map (fun seen -> seen.Setting.Condition["site:".Length ..])
            |> List.distinct
            |> List.sort
            |> SitesInTurn
        | _, "id" -> RandomSplits
        | _ -> OneTestSet

    /// The number of the replicate that an observation belongs to.
    let private replicate replication (seen: Observation) =
        match replication with
        | RandomSplits
        | CrossValidation _ -> seen.Seed
        | SitesInTurn sites -> sites |> List.findIndex (fun site -> seen.Setting.Condition = $"site:{site}")
        | OneTestSet -> 0

    /// By replicate, means over its seeds that have both variants, of f recommended plain.
    let private paired replication f (observations: Observation list) : BySeed =
        observations
        |> List.groupBy (replicate replication)
        |> List.choose (fun (number, own) ->
            let variant name = Replicates.ofVariant auroc name own

            match
                Replicates.combine f (variant Variant.recommended) (variant Variant.plain)
                |> Replicates.values
            with
            | [] -> None
            | values -> Some(number, Statistics.mean values))
        |> Map.ofList

    /// How much larger than independent replicates allow the variance of a mean is; see `Statistics.resampledEstimate`.
    let private testToTrain replication (observations: Observation list) =
        match replication with
        | RandomSplits
        | CrossValidation _ ->
            observations
            |> List.averageBy (fun seen -> float seen.Measure.TestRows / float seen.TrainRows)
        | SitesInTurn _
        | OneTestSet -> 0.

    let private row baseline ratio (plain: BySeed) (recommended: BySeed) (difference: BySeed) =
        let values = Replicates.values difference

        {
            Baseline = baseline
            Plain = plain |> Replicates.values |> Statistics.mean
            Recommended = recommended |> Replicates.values |> Statistics.mean
            Difference = Statistics.resampledEstimate ratio values
            PHolm = Statistics.resampledTTest ratio 0. values
        }

    let private adjusted (rows: ClinicalRow list) =
        List.map2 (fun row p -> { row with PHolm = p }) rows (rows |> List.map _.PHolm |> Statistics.holm)
        |> List.sortBy (fun row -> -row.Plain, row.Baseline)

    let private compare (data: DataSpec, condition) (observations: Observation list) =
        let replication = replication data condition observations
        let ratio = testToTrain replication observations

        let units =
            observations
            |> List.groupBy _.Setting.Baseline
            |> List.map (fun (baseline, own) ->
                let values f = paired replication f own

                baseline,
                values (fun _ plain -> plain),
                values (fun recommended _ -> recommended),
                values (-))
            |> List.filter (fun (_, _, _, difference) -> not difference.IsEmpty)

        let average pick =
            units |> List.map pick |> Replicates.average

        let difference, baselines = average (fun (_, _, _, d) -> d)

        {
            Data = data
            Condition = condition
            Replication = replication
            Rows = units |> List.map (fun (name, p, r, d) -> row name ratio p r d) |> adjusted
            Overall =
                row
                    "all"
                    ratio
                    (fst (average (fun (_, p, _, _) -> p)))
                    (fst (average (fun (_, _, r, _) -> r)))
                    difference
            Baselines = baselines
            BySite =
                match replication with
                | SitesInTurn sites -> [
                    for number, site in List.indexed sites do
                        match Map.tryFind number difference with
                        | Some value -> site, value
                        | None -> ()
                  ]
                | _ -> []
        }

    /// Whether it is of recorded data without injected bias, with default hyper-parameters, plain or recommended.
    let isCompared (seen: Observation) =
        not (List.contains seen.Setting.Data.Dataset WorldCatalog.names)
        && not (InjectedShift.isAsked seen.Setting.Data)
        && seen.Setting.Hyperparameters.IsEmpty
        && List.contains seen.Variant [ Variant.plain; Variant.recommended ]

    /// One comparison for every recorded data set and test condition that has a baseline plain and recommended.
    let all (observations: Observation list) =
        observations
        |> List.filter isCompared
        |> List.distinctBy (fun seen -> seen.CellId, seen.Setting.Condition)
        |> List.choose (fun seen -> comparison seen |> Option.map (fun key -> key, seen))
        |> List.groupBy fst
        |> List.map (fun (key, group) -> compare key (List.map snd group))
        |> List.filter (fun comparison -> not comparison.Rows.IsEmpty)
        |> List.sortBy (fun comparison -> comparison.Data, comparison.Condition)
