namespace CausalDebiasing.Bench.Audit

open System
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Cohorts
open MathNet.Numerics.Distributions

/// Cross-validated AUROC with which it is told who has a modality.
type MeasuringAuroc = {
    /// From the recorded values of the other modalities.
    Values: float
    /// From these and the outcome.
    WithOutcome: float
    /// From these and the site; NaN with one site.
    WithSite: float
}

/// What decides about who has one modality.
type Dependence = {
    Modality: string
    /// Share of rows without it.
    MissingRate: float
    /// Odds ratio of having it for a standard deviation of severity, beside sites; NaN where severity is not known.
    Severity: Estimate
    SeverityP: float
    /// Odds ratio of having it for patients with the outcome, beside the recorded values of the others and sites.
    Outcome: Estimate
    OutcomeP: float
    /// Smallest and largest share of rows with it over sites of a size; NaN with one site.
    LowestSite: float
    HighestSite: float
    /// Of sites beside values and outcome; NaN with one site.
    SiteP: float
    Auroc: MeasuringAuroc
}

/// How strongly who is measured depends on the outcome, on severity and on site beyond the recorded values: likelihood ratios
/// of logistic regressions, p-values adjusted by Holm over modalities.
module WhoIsMeasured =
    let private siteColumns (cohort: Cohort) =
        let sites = cohort.Sites.ToArray()

        sites
        |> Array.countBy id
        |> Array.filter (fun (_, rows) -> rows >= AuditData.smallestGroup)
        |> Array.sortByDescending snd
        |> Array.skip 1
        |> Array.map (fun (site, _) -> sites |> Array.map (fun own -> if own = site then 1. else 0.))

    /// Of the columns that `with'` has more than `without`.
    let private likelihoodRatio degrees (with': Design) (without: Design) outcome =
        if degrees = 0 then
            nan
        else
            let gain =
                (Design.fit with' outcome).LogDensity - (Design.fit without outcome).LogDensity

            1. - ChiSquared.CDF(float degrees, max 0. (2. * gain))

    let private reach = Normal.InvCDF(0., 1., 0.975)

    /// Odds ratio of the column at a place, with its interval.
    let private oddsRatio place (design: Design) outcome =
        let found = Design.fit design outcome
        let odds = found.Coefficients[place]
        let half = reach * sqrt found.Covariance[place * design.Width + place]

        {
            Count = design.Rows
            Mean = exp odds
            Sd = nan
            Low = exp (odds - half)
            High = exp (odds + half)
        }

    let private unknown = {
        Count = 0
        Mean = nan
        Sd = nan
        Low = nan
        High = nan
    }

    let private shares (cohort: Cohort) (seen: float[]) =
        let own =
            AuditData.rows cohort
            |> Array.groupBy (fun row -> cohort.Sites[row])
            |> Array.filter (fun (_, rows) -> rows.Length >= AuditData.smallestGroup)
            |> Array.map (fun (_, rows) ->
                let there = rows |> Array.sumBy (fun row -> seen[row])
                // Fewer than the smallest group with, or without, it are not told from none.
                if there < float AuditData.smallestGroup then
                    0.
                elif float rows.Length - there < float AuditData.smallestGroup then
                    1.
                else
                    there / float rows.Length)

        if own.Length < 2 then
            nan, nan
        else
            Array.min own, Array.max own

    let private auroc (folds: int[]) (seen: float[]) design =
        let ranked =
            Design.crossFit folds seen design
            |> Ranked.ofLogits (Array.map (fun value -> value > 0.5) seen)

        WeightedScore.auroc ranked (Array.create seen.Length 1.)

    let private dependence
        (values: RecordedValues)
        (folds: int[])
        (severity: float[] option)
        (m, seen: float[])
        =
        let cohort = values.Cohort
        let others = RecordedValues.columnsOf values ((<>) m)
        let sites = siteColumns cohort
        let outcome = [| cohort.Labels.ToArray() |> Array.map float |]
        let recorded = Design.shrunk, others

        let design tested =
            Design.ofBlocks
                cohort.Count
                ((tested |> List.map (fun block -> Design.free, block)) @ [ recorded ])

        let severityOf =
            severity
            |> Option.map (fun severity ->
                Design.ofBlocks cohort.Count [ Design.free, [| severity |]; Design.free, sites ],
                Design.ofBlocks cohort.Count [ Design.free, sites ])

        let whole = design [ outcome; sites ]
        let low, high = shares cohort seen

        {
            Modality = cohort.Modalities[m].Name
            MissingRate = 1. - Array.average seen
            Severity =
                severityOf
                |> Option.map (fun (with', _) -> oddsRatio 0 with' seen)
                |> Option.defaultValue unknown
            SeverityP =
                severityOf
                |> Option.map (fun (with', without) -> likelihoodRatio 1 with' without seen)
                |> Option.defaultValue nan
            Outcome = oddsRatio 0 whole seen
            OutcomeP = likelihoodRatio 1 whole (design [ sites ]) seen
            LowestSite = low
            HighestSite = high
            SiteP = likelihoodRatio sites.Length whole (design [ outcome ]) seen
            Auroc = {
                Values = auroc folds seen (design [])
                WithOutcome = auroc folds seen (design [ outcome ])
                WithSite =
                    if sites.Length = 0 then
                        nan
                    else
                        auroc folds seen (design [ sites ])
            }
        }

    let private adjusted (found: Dependence list) =
        let holm pick =
            found |> List.map pick |> Statistics.holm

        List.zip3 (holm _.SeverityP) (holm _.OutcomeP) (holm _.SiteP)
        |> List.map2
            (fun one (severity, outcome, site) -> {
                one with
                    SeverityP = severity
                    OutcomeP = outcome
                    SiteP = site
            })
            found

    /// Of every modality that enough patients have and enough have not; `tick` is told how many are done.
    let find (values: RecordedValues) folds severity (tick: int -> int -> unit) =
        let modalities = RecordedValues.varying values.Cohort

        modalities
        |> Array.mapi (fun i modality ->
            tick i modalities.Length
            dependence values folds severity modality)
        |> List.ofArray
        |> adjusted
